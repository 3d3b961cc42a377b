/** What is wrong with a field of a form, and what the field is called, in the language of its visitor. */
import { type FieldError, wordsOfName } from '../lead/form-values.ts';
import type { RefusalKind } from '../lead/refusal.ts';
import { filled } from './recipient-words.ts';
import { primary } from './words.ts';

interface FieldWords {
  why: Record<RefusalKind, string>;
  labels: Record<string, string>;
}

const WORDS: Record<string, FieldWords> = {
  vi: {
    why: {
      missing: 'Vui lòng nhập thông tin này.',
      characters: 'Có ký tự không hợp lệ.',
      markup: 'Không được chứa dấu < hoặc >.',
      lines: 'Chỉ được nhập trên một dòng.',
      long: 'Không được dài quá {most} ký tự.',
      plain: 'Phải là chữ, số, hoặc đúng/sai.',
      number: 'Phải là một số, ví dụ 12 hoặc 12.5.',
      boolean: 'Vui lòng chọn có hoặc không.',
      date: 'Phải là một ngày, ví dụ 2027-03-01.',
      choice: 'Vui lòng chọn một trong các giá trị: {among}.',
      country: 'Phải là tên quốc gia, ví dụ VN hoặc Việt Nam.',
      phone: 'Phải là số điện thoại, tốt nhất có mã quốc gia (+84 …).',
      language: 'Phải là mã ngôn ngữ, ví dụ vi hoặc en-GB.',
      'address-at': 'Địa chỉ email phải có đúng một ký tự @.',
      'address-before': 'Phần trước ký tự @ của địa chỉ email không hợp lệ.',
      'address-letters': 'Trước ký tự @ chỉ dùng được chữ không dấu.',
      'address-domain': 'Tên miền sau ký tự @ không hợp lệ.',
      'address-ending': 'Tên miền sau ký tự @ thiếu phần đuôi, ví dụ .com.',
    },
    labels: {
      email: 'Email',
      name: 'Họ và tên',
      firstName: 'Tên',
      lastName: 'Họ',
      phone: 'Điện thoại',
      company: 'Công ty',
      companySize: 'Số nhân viên',
      jobTitle: 'Chức danh',
      country: 'Quốc gia',
      problem: 'Điều bạn quan tâm',
    },
  },
  th: {
    why: {
      missing: 'โปรดกรอกข้อมูลนี้',
      characters: 'มีอักขระที่ไม่ถูกต้อง',
      markup: 'ต้องไม่มีเครื่องหมาย < หรือ >',
      lines: 'ต้องอยู่ในบรรทัดเดียว',
      long: 'ต้องยาวไม่เกิน {most} อักขระ',
      plain: 'ต้องเป็นข้อความ ตัวเลข หรือใช่/ไม่ใช่',
      number: 'ต้องเป็นตัวเลข เช่น 12 หรือ 12.5',
      boolean: 'โปรดเลือกใช่หรือไม่ใช่',
      date: 'ต้องเป็นวันที่ เช่น 2027-03-01',
      choice: 'โปรดเลือกหนึ่งในค่าเหล่านี้: {among}',
      country: 'ต้องเป็นชื่อประเทศ เช่น TH หรือ Thailand',
      phone: 'ต้องเป็นหมายเลขโทรศัพท์ ควรมีรหัสประเทศ (+66 …)',
      language: 'ต้องเป็นรหัสภาษา เช่น th หรือ en-GB',
      'address-at': 'ที่อยู่อีเมลต้องมี @ หนึ่งตัวเท่านั้น',
      'address-before': 'ส่วนหน้า @ ของที่อยู่อีเมลไม่ถูกต้อง',
      'address-letters': 'หน้า @ ใช้ได้เฉพาะตัวอักษรอังกฤษที่ไม่มีเครื่องหมาย',
      'address-domain': 'โดเมนหลัง @ ไม่ถูกต้อง',
      'address-ending': 'โดเมนหลัง @ ไม่มีส่วนท้าย เช่น .com',
    },
    labels: {
      email: 'อีเมล',
      name: 'ชื่อ-นามสกุล',
      firstName: 'ชื่อ',
      lastName: 'นามสกุล',
      phone: 'โทรศัพท์',
      company: 'บริษัท',
      companySize: 'จำนวนพนักงาน',
      jobTitle: 'ตำแหน่ง',
      country: 'ประเทศ',
      problem: 'เรื่องที่คุณสนใจ',
    },
  },
};

const wordsOf = (language: string): FieldWords | undefined => {
  const tag = primary(language);
  return Object.hasOwn(WORDS, tag) ? WORDS[tag] : undefined;
};

/** What is wrong, as a sentence of that language; in English where the language is not known here. */
export const fieldErrorIn = (language: string, { field, message, kind, values = {} }: FieldError) => {
  const words = wordsOf(language)?.why[kind];
  return { field, message: words === undefined ? message : filled(words, values) };
};

/** What a field is called: `companySize` as “Company size” where nothing better is known. */
export const fieldLabel = (language: string, field: string): string => {
  const labels = wordsOf(language)?.labels ?? {};
  if (Object.hasOwn(labels, field)) return labels[field] ?? field;
  const words = wordsOfName(field);
  return words.charAt(0).toUpperCase() + words.slice(1);
};
