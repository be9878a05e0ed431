/** The few plain pages that the server answers by itself, before the program's page can be shown. */

export type NoticeKind = 'not-found' | 'no-session' | 'token-used' | 'wrong-host'

const texts: Readonly<Record<NoticeKind, readonly [title: string, body: string]>> = {
  'not-found': ['Not here', 'There is no such file. / 没有这个文件。'],
  'no-session': [
    'This browser was not let in yet',
    'Open the address that Foresight printed when it started; <code>foresight address</code> prints a new one. / 请打开 Foresight 启动时打印的地址；<code>foresight address</code> 会打印新的地址。',
  ],
  'token-used': [
    'This address was used already',
    'Each address lets one browser in. <code>foresight address</code> prints a new one. / 每个地址只能使用一次；<code>foresight address</code> 会打印新的地址。',
  ],
  'wrong-host': [
    'Refused',
    'Foresight answers only to this machine’s own names (127.0.0.1, localhost). / 仅响应本机地址。',
  ],
}

export function notice(kind: NoticeKind): string {
  const [title, body] = texts[kind]
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Foresight: ${title}</title><h1>${title}</h1><p>${body}</p></html>`
}
