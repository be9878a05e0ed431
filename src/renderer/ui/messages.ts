/** Texts of the shared parts. */
import { defineMessages } from '../i18n/define-messages.ts'

export const uiMessages = defineMessages(
  { hold: 'hold', spaceKey: 'Space', close: 'Close' },
  { hold: '按住', spaceKey: '空格', close: '关闭' },
)
