/**
 * Domains of mailboxes that are free, and of those made to be thrown away. Written by `npx ripen lists`, which adds to them.
 * Small firms in Vietnam and Thailand use free mailboxes for business: nothing here judges them, a definition may.
 */
const domainsIn = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const FREE_MAIL = domainsIn(`
126.com 163.com aol.com att.net btinternet.com comcast.net daum.net fastmail.com fastmail.fm fpt.vn free.fr gmail.com
gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.co.th hotmail.co.uk hotmail.com hotmail.fr
icloud.com laposte.net libero.it live.co.uk live.com live.fr mac.com mail.com mail.ru me.com msn.com naver.com
orange.fr outlook.co.th outlook.com pm.me proton.me protonmail.com qq.com rediffmail.com rocketmail.com sina.com
t-online.de thaimail.com tuta.io tutanota.com verizon.net vnn.vn wanadoo.fr web.de windowslive.com yahoo.co.in
yahoo.co.jp yahoo.co.th yahoo.co.uk yahoo.com yahoo.com.sg yahoo.com.vn yahoo.de yahoo.fr yandex.com yandex.ru
ymail.com zing.vn zoho.com zohomail.com
`);

export const DISPOSABLE = domainsIn(`
10minutemail.com 10minutemail.net armyspy.com burnermail.io cuvox.de dayrep.com discard.email dispostable.com
einrot.com emailondeck.com fakeinbox.com fleckens.hu getnada.com grr.la guerrillamail.com guerrillamail.net
guerrillamail.org guerrillamailblock.com gustr.com inboxkitten.com jourrapide.com luxusmail.org mail-temp.com mail.gw
mail.tm mailcatch.com maildrop.cc mailinator.com mailnesia.com mintemail.com minuteinbox.com moakt.com mohmal.com
mytemp.email nada.email rhyta.com sharklasers.com spam4.me spamgourmet.com superrito.com teleworm.us temp-mail.io
temp-mail.org tempail.com tempmail.com tempmail.net tempmailo.com tempr.email throwawaymail.com tmail.ws tmpmail.net
tmpmail.org trashmail.com trashmail.de trashmail.net yopmail.com yopmail.fr yopmail.net
`);
