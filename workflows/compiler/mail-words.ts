/** What a mail says by itself, by language. */

export interface MailWords {
  unsubscribe: string;
  preferences: string;
  /** Asks for the confirmation of a consent that was ticked beside what this mail brings. */
  confirmAsk: string;
  confirm: string;
}

const ENGLISH: MailWords = {
  unsubscribe: 'Unsubscribe',
  preferences: 'Choose what you get and how often',
  confirmAsk: 'You also asked for emails from us. Please confirm that it was you; otherwise we send none.',
  confirm: 'Yes, send me emails',
};

const WORDS: Record<string, MailWords> = {
  en: ENGLISH,
  vi: {
    unsubscribe: 'Hủy đăng ký',
    preferences: 'Chọn nội dung và tần suất nhận thư',
    confirmAsk:
      'Bạn cũng đã đăng ký nhận email từ chúng tôi. Vui lòng xác nhận đó là bạn; nếu không, chúng tôi sẽ không gửi.',
    confirm: 'Đúng, hãy gửi email cho tôi',
  },
  th: {
    unsubscribe: 'ยกเลิกการรับอีเมล',
    preferences: 'เลือกเนื้อหาและความถี่ที่ต้องการรับ',
    confirmAsk: 'คุณได้ขอรับอีเมลจากเราด้วย โปรดยืนยันว่าเป็นคุณ หากไม่ยืนยัน เราจะไม่ส่งอีเมลให้',
    confirm: 'ใช่ ส่งอีเมลให้ฉัน',
  },
  de: {
    unsubscribe: 'Abmelden',
    preferences: 'Wählen, was Sie wie oft erhalten',
    confirmAsk:
      'Sie haben auch um E-Mails von uns gebeten. Bitte bestätigen Sie, dass Sie es waren; sonst senden wir keine.',
    confirm: 'Ja, E-Mails senden',
  },
  es: {
    unsubscribe: 'Darse de baja',
    preferences: 'Elegir qué recibir y con qué frecuencia',
    confirmAsk: 'También pidió recibir correos nuestros. Confirme que fue usted; si no, no enviaremos ninguno.',
    confirm: 'Sí, quiero recibir correos',
  },
  fr: {
    unsubscribe: 'Se désabonner',
    preferences: 'Choisir ce que vous recevez et à quelle fréquence',
    confirmAsk:
      'Vous avez aussi demandé à recevoir nos e-mails. Merci de confirmer que c’était vous ; sinon, nous n’en enverrons pas.',
    confirm: 'Oui, envoyez-moi des e-mails',
  },
};

/** In the language of the mail, or in English. @param language a BCP 47 tag. */
export const mailWords = (language: string): MailWords => WORDS[language.split('-')[0] ?? ''] ?? ENGLISH;
