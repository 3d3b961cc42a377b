/** The words of the pages for visitors and recipients, in each language that has them. */

const ENGLISH = {
  thanks: 'Thank you',
  received: 'We have received your details. You will hear from us by email.',
  checkTitle: 'Please check your details',
  checkText: 'Some details need another look. What you typed is still here.',
  send: 'Send',
  unsubscribeTitle: 'Unsubscribe',
  unsubscribeText: 'Press the button and you will get no more marketing emails from {company}.',
  unsubscribeButton: 'Unsubscribe',
  unsubscribedTitle: 'You are unsubscribed',
  unsubscribedText: 'You will get no more marketing emails from {company}.',
  badLinkTitle: 'This link does not work',
  badLinkText: 'It may have been cut off. Please open it from the email again, or copy it as a whole.',
  goneText: 'It is too old, or not for this.',
  notFoundTitle: 'There is nothing here',
  notFoundText: 'The page may have moved.',
  invalidText: 'Some fields are not valid.',
  refusedTitle: 'This did not work',
  unreadText: 'What was sent could not be read. Please go back and try again, without files.',
  tooLongText: 'What was sent is too long. Please go back and write less.',
  laterTitle: 'Please try again',
  laterText: 'Something is not working right now. Please try again in a minute.',
};

export type Words = typeof ENGLISH;

const WORDS: Record<string, Words> = {
  en: ENGLISH,
  vi: {
    thanks: 'Cảm ơn bạn',
    received: 'Chúng tôi đã nhận được thông tin của bạn và sẽ liên hệ qua email.',
    checkTitle: 'Vui lòng kiểm tra lại thông tin',
    checkText: 'Một vài thông tin cần xem lại. Những gì bạn đã nhập vẫn còn ở đây.',
    send: 'Gửi',
    unsubscribeTitle: 'Hủy đăng ký',
    unsubscribeText: 'Nhấn nút bên dưới và bạn sẽ không nhận email tiếp thị từ {company} nữa.',
    unsubscribeButton: 'Hủy đăng ký',
    unsubscribedTitle: 'Bạn đã hủy đăng ký',
    unsubscribedText: 'Bạn sẽ không nhận email tiếp thị từ {company} nữa.',
    badLinkTitle: 'Liên kết này không hoạt động',
    badLinkText: 'Liên kết có thể đã bị cắt ngắn. Vui lòng mở lại từ email, hoặc sao chép toàn bộ liên kết.',
    goneText: 'Liên kết đã quá cũ, hoặc không dùng cho việc này.',
    notFoundTitle: 'Không có gì ở đây',
    notFoundText: 'Có thể trang đã được chuyển đi.',
    invalidText: 'Một vài thông tin chưa hợp lệ.',
    refusedTitle: 'Không thực hiện được',
    unreadText: 'Không đọc được nội dung đã gửi. Vui lòng quay lại và thử lại, không kèm tệp.',
    tooLongText: 'Nội dung đã gửi quá dài. Vui lòng quay lại và viết ngắn hơn.',
    laterTitle: 'Vui lòng thử lại',
    laterText: 'Hệ thống đang gặp sự cố. Vui lòng thử lại sau một phút.',
  },
  th: {
    thanks: 'ขอบคุณค่ะ',
    received: 'เราได้รับข้อมูลของคุณแล้ว และจะติดต่อกลับทางอีเมล',
    checkTitle: 'โปรดตรวจสอบข้อมูลของคุณ',
    checkText: 'มีข้อมูลบางส่วนที่ต้องตรวจสอบอีกครั้ง สิ่งที่คุณกรอกไว้ยังอยู่ครบ',
    send: 'ส่ง',
    unsubscribeTitle: 'ยกเลิกการรับข่าวสาร',
    unsubscribeText: 'กดปุ่มด้านล่าง แล้วคุณจะไม่ได้รับอีเมลการตลาดจาก {company} อีก',
    unsubscribeButton: 'ยกเลิกการรับข่าวสาร',
    unsubscribedTitle: 'ยกเลิกการรับข่าวสารแล้ว',
    unsubscribedText: 'คุณจะไม่ได้รับอีเมลการตลาดจาก {company} อีก',
    badLinkTitle: 'ลิงก์นี้ใช้ไม่ได้',
    badLinkText: 'ลิงก์อาจถูกตัดไม่ครบ โปรดเปิดจากอีเมลอีกครั้ง หรือคัดลอกลิงก์ทั้งหมด',
    goneText: 'ลิงก์เก่าเกินไป หรือไม่ได้ใช้สำหรับสิ่งนี้',
    notFoundTitle: 'ไม่พบหน้านี้',
    notFoundText: 'หน้านี้อาจถูกย้ายไปแล้ว',
    invalidText: 'มีข้อมูลบางส่วนไม่ถูกต้อง',
    refusedTitle: 'ดำเนินการไม่สำเร็จ',
    unreadText: 'อ่านข้อมูลที่ส่งมาไม่ได้ โปรดกลับไปลองใหม่โดยไม่แนบไฟล์',
    tooLongText: 'ข้อมูลที่ส่งมายาวเกินไป โปรดกลับไปเขียนให้สั้นลง',
    laterTitle: 'โปรดลองอีกครั้ง',
    laterText: 'ขณะนี้ระบบขัดข้อง โปรดลองอีกครั้งในอีกสักครู่',
  },
};

/** The words of a language (`vi`, `vi-VN`), or English. */
export const wordsIn = (language: string): Words => WORDS[primary(language)] ?? ENGLISH;

export const primary = (tag: string): string => tag.trim().toLowerCase().split(/[-_]/)[0] ?? '';

/**
 * The first language that the pages speak: of those given, then of `Accept-Language` in its order of preference
 * (RFC 9110, section 12.5.4), else English.
 */
export function pageLanguage(given: (string | undefined)[], acceptLanguage = ''): string {
  const accepted = acceptLanguage
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';');
      const q = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
      return { tag, q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .map(({ tag }) => tag);
  const wanted = [...given.filter((one) => one !== undefined), ...accepted].map(primary);
  return wanted.find((language) => Object.hasOwn(WORDS, language)) ?? 'en';
}
