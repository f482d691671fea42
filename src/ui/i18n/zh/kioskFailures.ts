// 售货屏特有的失败说明。
import type { KioskFailureKind } from '../en/kioskFailures.ts'
import type { FailureText } from '../failureKinds.ts'

const unchanged = '售货屏保持不变。'

export const kioskFailures: Readonly<Record<KioskFailureKind, FailureText>> = {
  noMarket: {
    title: '此网络无法售卖',
    meaning: '它没有指定售货屏所需的 Market 和 Tills。',
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
    title: '机主没有签署它',
    meaning: `签名不属于这台售货机服从的密钥。${unchanged}`,
    next: '请使用认领这台售货机的手机。',
  },
  ownerUnproven: {
    title: '暂时无法证明机主是谁',
    meaning: '意见一致的节点太少，单独一个不被采信。',
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
    title: '目录没有机主的签名',
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
    title: '你的盒子没有回应',
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
  notASignedOrder: {
    title: '这不是订单',
    meaning: '码中没有签名的订单。没有扣款。',
    next: '请用 Fob 打开此屏幕的码，再出示它显示的内容。',
  },
  otherSale: {
    title: '这属于另一笔订单',
    meaning: '它指的是别的售货机、商品或数量。没有扣款。',
    next: '请扫描现在屏幕上的码。',
  },
  signatureInvalid: {
    title: '签名不成立',
    meaning: '所指的账户没有签署它。没有扣款。',
    next: '请从 Fob 重试。',
  },
  validityUnfit: {
    title: '有效时间不合适',
    meaning: '结束得太早或太晚，无法结算。没有扣款。',
    next: '请检查手机时间，并重新扫码。',
  },
  balanceTooLow: {
    title: '预存余额不足',
    meaning: '少于这笔及其他未结订单之和。没有扣款。',
    next: '请用任何钱包付款，或增加预存余额。',
  },
  balanceLeaving: {
    title: '预存余额正在取出',
    meaning: '结算前它可能已被取走。没有扣款。',
    next: '请用任何钱包付款。',
  },
  overSaleLimit: {
    title: '金额超过签名付款上限',
    meaning: '店主只接受较小金额的签名。没有扣款。',
    next: '请用任何钱包付款。',
  },
  overBuyerLimit: {
    title: '您还有未结订单',
    meaning: '店主不接受同一买家同时更多的签名。没有扣款。',
    next: '请等它们结算，或用任何钱包付款。',
  },
  overOpenLimit: {
    title: '未结订单过多',
    meaning: '店主暂时不再接受签名。没有扣款。',
    next: '请稍等，或用任何钱包付款。',
  },
  alreadyOrdered: { title: '该订单已使用过', meaning: '没有重复扣款。', next: '请扫描现在屏幕上的码。' },
  instantOff: {
    title: '此处不接受签名付款',
    meaning: '店主关闭了签名付款。没有扣款。',
    next: '请用任何钱包付款，或在 Fob 中下单。',
  },
  chainUnreachable: {
    title: '无法连接区块链',
    meaning: '现在无法读取或证明任何内容。',
    next: '请检查网络后重试。',
  },
  chainUnproven: {
    title: '各节点意见不一致',
    meaning: '只有一个节点说的内容不会被采信。',
    next: '请稍后重试。',
  },
}
