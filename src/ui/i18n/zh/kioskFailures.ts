// 售货屏特有的失败说明。
import type { KioskFailureKind } from '../en/kioskFailures.ts'
import type { FailureText } from '../failureKinds.ts'
import { instantRefusals } from './instantRefusals.ts'

const unchanged = '售货屏保持不变。'

export const kioskFailures: Readonly<Record<KioskFailureKind, FailureText>> = {
  noMarket: {
    title: '此网络无法售卖',
    meaning: '它没有指定售货屏所需的合约（Market 和 Tills）。',
    next: '请询问提供此 Fob 的人。',
  },
  deviceNotMet: {
    title: '无法询问售货机',
    meaning: '售货屏还不知道这是哪台售货机。',
    next: '请靠近，检查电源，然后重新选择。',
  },
  machineUnreachable: {
    title: '售货机没有回应',
    meaning: '没有任何改变。',
    next: '请靠近，检查电源，然后重试。',
  },
  deviceAnswerInvalid: {
    title: '回答不是售货机本身的',
    meaning: '签名不成立：可能有别的设备冒充。',
    next: '请远离其他设备后重试。若仍如此，请勿使用这台售货机。',
  },
  notAMachine: { title: '此设备不售卖任何东西', meaning: '它没有可以出货的货道。', next: '请选择售货机。' },
  deviceUnclaimed: {
    title: '这台售货机还没有主人',
    meaning: '只有主人才能授权售货屏。',
    next: '请先用手机上的 Fob 认领，然后回到这里。',
  },
  answerMalformed: {
    title: '这不是给售货屏的答复',
    meaning: unchanged,
    next: '请在手机上选择“售卖”“授权售货屏”，并在此出示其二维码。',
  },
  answerForOther: {
    title: '这个答复属于另一台售货屏',
    meaning: '它指的是别的平板、售货机或网络。',
    next: '请用手机扫描此售货屏的码，再出示得到的答复。',
  },
  answerSignatureInvalid: {
    title: '店主没有签署它',
    meaning: `签名不属于这台售货机服从的密钥。${unchanged}`,
    next: '请使用认领这台售货机的手机。',
  },
  ownerUnproven: {
    title: '暂时无法证明店主是谁',
    meaning: '意见一致的端点太少，单独一个不被采信。',
    next: '请检查网络后重试。',
  },
  notStored: {
    title: '无法保存',
    meaning: '浏览器没有保存售货屏重启后必须知道的内容。',
    next: '请检查浏览器是否允许此网站存储数据，以及空间是否足够。',
  },
  saleOpen: {
    title: '还有订单未结算',
    meaning: '需要先用此平板的密钥完成付款或退款。',
    next: '请等到没有未结算订单后再试。',
  },
  gasNotSent: {
    title: '剩余手续费未能转出',
    meaning: `它仍在此平板上。${unchanged}`,
    next: '区块链有回应时请重试。',
  },
  catalogueNotSigned: {
    title: '目录没有店主的签名',
    meaning: '不会使用，现有目录保留。',
    next: '请用认领这台售货机的手机发布。',
  },
  catalogueOlder: {
    title: '目录版本较旧',
    meaning: '不会使用，现有目录保留。',
    next: '请重新发布，版本号会更高。',
  },
  catalogueForOther: {
    title: '目录属于另一台售货机',
    meaning: '不会使用，现有目录保留。',
    next: '请在手机的 Fob 中查看发布到了哪台售货机。',
  },
  catalogueMalformed: {
    title: '无法读取目录',
    meaning: '不会使用，现有目录保留。',
    next: '请用新版 Fob 重新发布，并确认售货屏也是新版。',
  },
  boxUnreachable: {
    title: '您的盒子没有回应',
    meaning: '无法获取新目录，现有目录保留。',
    next: '请检查盒子是否在线。',
  },
  pinTooSimple: {
    title: 'PIN 码太简单',
    meaning: '需要四到十二位数字，不能全部相同或连续。',
    next: '请换一个。',
  },
  pinNotStored: {
    title: 'PIN 码无法保存',
    meaning: '没有设置 PIN 码。',
    next: '请检查浏览器是否允许此网站存储数据，然后重试。',
  },
  pinWrong: { title: 'PIN 码错误', meaning: '没有打开任何内容。', next: '请重试。' },
  pinWaiting: { title: '错误次数过多', meaning: '每错一次，等待时间会更长。', next: '请稍等后重试。' },
  ...instantRefusals,
}
