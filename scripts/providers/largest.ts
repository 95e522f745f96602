/**
 * The fifty largest mailbox providers, by our own judgement of how many people would ask for them:
 * published numbers of users where there are any, else the place among the mail domains that
 * newsletters and sign-up forms see. Their files have to be kept up: `npm run data:check`.
 */
export const LARGEST: readonly string[] = `
gmail outlook yahoo icloud qq 163 126 mail.ru yandex microsoft-365 google-workspace aol
gmx web.de gmx-com mail.com naver daum yahoo-japan sina sohu aliyun
t-online freenet ionos-de ionos orange free.fr sfr laposte libero alice.it wp onet interia seznam
uol bol comcast att cox charter bt sky virgin-media rediffmail
proton zoho fastmail godaddy
`
  .trim()
  .split(/\s+/);
