/** Texts of the card that stands in the first camera's place while something is wrong. */
import { defineMessages } from '../../i18n/define-messages.ts'

export const causeMessages = defineMessages(
  {
    servoChain: 'Servo chain',
    theArm: 'The arm:',
    and: 'and',
    to: 'to',
    sentenceGap: ' ',
    servosSilent: (numbers: string, count: number) =>
      count === 1 ? `Servo ${numbers} does not answer` : `Servos ${numbers} do not answer`,
    lastAnswer: (seconds: string) => `Last answer ${seconds} s ago.`,
    othersAnswer: (numbers: string) => `Servos ${numbers} answer normally.`,
    breakBetween: (before: string, after: string) => `The break is between ${before} and ${after}.`,
    unknownCause: 'Something is wrong with the arm',
    torqueIsCut: 'The torque is cut',
    cutDetail: (isConfirmed: boolean) =>
      isConfirmed
        ? 'The servos confirm that torque is off.'
        : 'Not every servo has confirmed that torque is off.',
    armHolds: 'it holds where it stopped, torque on.',
    armHoldsPart:
      'servos that answer hold where they stopped. Silent ones hold their last goal by themselves. Nothing was released.',
    armUnknown: 'nothing is sent to it. Its torque cannot be changed from here; only its power switch can.',
    armLoose: 'nothing holds it. Lay it on the table before you let go.',
    pushCable: (joint: string) => `Push in the cable at ${joint}, both ends`,
    pushAnyCable: 'Check power and cable of the arm',
    lightBlinks: 'The light of a servo blinks once when power is back',
    lookAtArm: 'Look at the arm and clear what is wrong',
    layDown: 'Lay the arm down',
    clearReason: 'Clear what made you stop',
    press: 'Press',
    toReconnect: 'to reconnect and hold',
    toPowerUp: 'to power up where it lies',
    powerUpHolds: 'Power-up holds still. Alignment with the leader is a second step.',
    lookingAgain: 'It is looked for all the time',
    safeTo: (number: number, clock: string) => `Take ${number} is safe to ${clock}`,
  },
  {
    servoChain: '舵机链',
    theArm: '机械臂：',
    and: '和',
    to: '至',
    sentenceGap: '',
    servosSilent: (numbers) => `舵机 ${numbers} 无应答`,
    lastAnswer: (seconds) => `最后应答在 ${seconds} 秒前。`,
    othersAnswer: (numbers) => `舵机 ${numbers} 正常。`,
    breakBetween: (before, after) => `断点在 ${before} 与 ${after} 之间。`,
    unknownCause: '机械臂出了问题',
    torqueIsCut: '扭矩已断开',
    cutDetail: (isConfirmed) => (isConfirmed ? '舵机确认扭矩已断开。' : '尚有舵机未确认扭矩断开。'),
    armHolds: '保持在停止处，扭矩仍开。',
    armHoldsPart: '有应答的舵机保持在停止处，无应答的自行保持最后目标。没有松开任何东西。',
    armUnknown: '没有向它发送任何内容。此处无法改变其扭矩，只有电源开关可以。',
    armLoose: '没有力量支撑。松手前请把它放在桌上。',
    pushCable: (joint) => `按紧 ${joint} 两端的线缆`,
    pushAnyCable: '检查机械臂的电源和线缆',
    lightBlinks: '恢复供电时舵机指示灯闪一次',
    lookAtArm: '查看机械臂并排除问题',
    layDown: '把机械臂放稳',
    clearReason: '排除让你停止的原因',
    press: '按',
    toReconnect: '重新连接并保持',
    toPowerUp: '原地上电',
    powerUpHolds: '上电后保持不动。与主臂对齐是第二步。',
    lookingAgain: '正在持续查找',
    safeTo: (number, clock) => `第 ${number} 条已保全至 ${clock}`,
  },
)

export type CauseText = (typeof causeMessages)['en']
