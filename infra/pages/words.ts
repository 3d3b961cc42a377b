/** The words of the landing page, by language; English stands in for a language that is not here. */

export interface PageWords {
  code: string;
  language: string;
  headline: string;
  leadIn: string;
  noForms: string;
  send: string;
  thanks: string;
  remember: string;
  optional: string;
  fields: Record<string, string>;
  choices: Record<string, string>;
  forms: Record<string, { title: string; text: string; button: string }>;
}

const en: PageWords = {
  code: 'en',
  language: 'Language',
  headline: 'See twelve weeks of cash ahead',
  leadIn:
    'This page stands for a landing page of yours. Fill in a form, then look at the inbox, the leads and, with the bar below, at the weeks that follow.',
  noForms: 'The definition holds no form yet.',
  send: 'Send',
  thanks: 'Thank you. Please look into your inbox.',
  remember: 'This page may remember my visit in this browser, and where I came from.',
  optional: 'optional',
  fields: {
    email: 'Email',
    name: 'Your name',
    phone: 'Phone',
    companySize: 'People in your company',
    jobTitle: 'Job title',
    country: 'Country',
    problem: 'What keeps you busy',
  },
  choices: { 'cash-flow': 'Cash flow', 'tax-filing': 'Tax filing', payroll: 'Payroll' },
  forms: {
    'cash-flow-guide': {
      title: 'The cash-flow guide',
      text: 'Twenty pages and a sheet to fill in. Free, by email.',
      button: 'Send me the guide',
    },
    'demo-request': {
      title: 'See it with your own figures',
      text: 'A colleague calls you and shows what the next twelve weeks look like.',
      button: 'Ask for a demo',
    },
  },
};

const vi: PageWords = {
  code: 'vi',
  language: 'Ngôn ngữ',
  headline: 'Nhìn trước dòng tiền mười hai tuần',
  leadIn:
    'Trang này thay cho một trang đích của bạn. Hãy điền biểu mẫu, rồi xem hộp thư, danh sách khách hàng tiềm năng và, với thanh bên dưới, những tuần tiếp theo.',
  noForms: 'Định nghĩa chưa có biểu mẫu nào.',
  send: 'Gửi',
  thanks: 'Cảm ơn bạn. Hãy xem hộp thư của bạn.',
  remember: 'Trang này được phép ghi nhớ lượt truy cập của tôi trong trình duyệt này và nơi tôi đến từ.',
  optional: 'không bắt buộc',
  fields: {
    email: 'Email',
    name: 'Họ và tên',
    phone: 'Điện thoại',
    companySize: 'Số nhân viên',
    jobTitle: 'Chức danh',
    country: 'Quốc gia',
    problem: 'Điều bạn quan tâm',
  },
  choices: { 'cash-flow': 'Dòng tiền', 'tax-filing': 'Kê khai thuế', payroll: 'Lương' },
  forms: {
    'cash-flow-guide': {
      title: 'Cẩm nang dòng tiền',
      text: 'Hai mươi trang và một bảng tính. Miễn phí, qua email.',
      button: 'Gửi cẩm nang cho tôi',
    },
    'demo-request': {
      title: 'Xem với số liệu của chính bạn',
      text: 'Một đồng nghiệp sẽ gọi và cho bạn thấy mười hai tuần tới.',
      button: 'Yêu cầu demo',
    },
  },
};

const th: PageWords = {
  code: 'th',
  language: 'ภาษา',
  headline: 'มองกระแสเงินสดล่วงหน้าสิบสองสัปดาห์',
  leadIn: 'หน้านี้แทนแลนดิ้งเพจของคุณ กรอกแบบฟอร์ม แล้วดูกล่องจดหมาย รายชื่อลีด และใช้แถบด้านล่างดูสัปดาห์ต่อ ๆ ไป',
  noForms: 'ยังไม่มีแบบฟอร์มในนิยาม',
  send: 'ส่ง',
  thanks: 'ขอบคุณ โปรดดูกล่องจดหมายของคุณ',
  remember: 'อนุญาตให้หน้านี้จดจำการเข้าชมของฉันในเบราว์เซอร์นี้ และที่มาของฉัน',
  optional: 'ไม่บังคับ',
  fields: {
    email: 'อีเมล',
    name: 'ชื่อ-นามสกุล',
    phone: 'โทรศัพท์',
    companySize: 'จำนวนพนักงาน',
    jobTitle: 'ตำแหน่ง',
    country: 'ประเทศ',
    problem: 'เรื่องที่คุณสนใจ',
  },
  choices: { 'cash-flow': 'กระแสเงินสด', 'tax-filing': 'การยื่นภาษี', payroll: 'เงินเดือน' },
  forms: {
    'cash-flow-guide': { title: 'คู่มือกระแสเงินสด', text: 'ยี่สิบหน้าพร้อมตารางให้กรอก ฟรีทางอีเมล', button: 'ส่งคู่มือให้ฉัน' },
    'demo-request': { title: 'ดูด้วยตัวเลขของคุณเอง', text: 'เจ้าหน้าที่จะโทรหาและแสดงสิบสองสัปดาห์ข้างหน้าให้ดู', button: 'ขอดูเดโม' },
  },
};

const WORDS: Record<string, PageWords> = { en, vi, th };

export const pageWords = (language: string): PageWords => WORDS[language] ?? en;
