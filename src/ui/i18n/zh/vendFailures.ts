// 简体中文：售货机为什么不出货，给员工和店主看：发生了什么，意味着什么，接下来做什么。
import type { VendFailureKind } from '../en/vendFailures.ts'
import type { FailureText } from '../failureKinds.ts'

const nothing = '没有出货，也没有计数。'

export const vendFailures: Record<VendFailureKind, FailureText> = {
  vendTermsMissing: {
    title: '售货机不知道您可以取什么',
    meaning: nothing,
    next: '请重试。如果仍然如此，请向店主索取新的代码。',
  },
  vendTermsRefused: {
    title: '售货机不接受这些限制',
    meaning: `它们不是由店主签名的，或者属于另一把钥匙。${nothing}`,
    next: '请向店主索取新的代码。',
  },
  orderDiffers: { title: '售货机以此编号记着另一个请求', meaning: nothing, next: '请重试。' },
  orderForgotten: {
    title: '售货机已无法判断是否出过这件货',
    meaning: '因此它不会再出一次。',
    next: '请重试：那将是一个新的请求。',
  },
  slotUnknown: { title: '售货机没有这个货道', meaning: nothing, next: '请重新读取货道，然后选择另一个。' },
  slotNotGranted: {
    title: '这个货道不在您的范围内',
    meaning: nothing,
    next: '请选择另一个，或向店主申请。',
  },
  vendLimitReached: {
    title: '今天的份额已用完',
    meaning: `售货机今天（UTC）已按店主允许的数量出货。${nothing}`,
    next: '请明天再来，或请店主提高数量。',
  },
  vendGrantOver: {
    title: '售货机不再接受这把钥匙',
    meaning: `它已到期，或已被店主终止。${nothing}`,
    next: '请向店主索取新的钥匙。',
  },
  orderDeadlineNear: { title: '时间已过', meaning: nothing, next: '请重试：那将是一个新的请求。' },
  orderDeadlineFar: {
    title: '售货机的时钟慢了很多',
    meaning: nothing,
    next: '请在售货机旁联网，让它校准时间，然后重试。',
  },
  machineTimeUncertain: {
    title: '售货机不知道时间',
    meaning: `它断过电，没有时钟就无法遵守任何限制。${nothing}`,
    next: '请在售货机旁联网，让它校准时间，然后重试。',
  },
  machineBusy: { title: '售货机正在出货', meaning: nothing, next: '请等它停下来，然后重试。' },
  slotEmpty: {
    title: '这个货道是空的',
    meaning: `这是售货机的计数。${nothing}`,
    next: '请选择另一个，或补货。',
  },
  slotOutOfOrder: {
    title: '这个货道有故障或已关闭',
    meaning: `有东西卡住了，或店主已将其关闭。${nothing}`,
    next: '请检查后重新开启：在售货屏上，或由店主操作。',
  },
  machineDoorOpen: { title: '售货机的门开着', meaning: nothing, next: '请关上门，然后重试。' },
  machineTooWarm: {
    title: '售货机里太热',
    meaning: `需要冷藏的商品不会出货。${nothing}`,
    next: '请检查制冷。不需要冷藏的货道可用。',
  },
  machineWithoutMarket: {
    title: '售货机还不知道在哪里销售',
    meaning: nothing,
    next: '请先由店主带去它的设置。',
  },
  machineReceiptsFull: {
    title: '售货机的存储已满',
    meaning: `有太多收据没有人取走。${nothing}`,
    next: '请检查它前面的售货屏是否开着，然后重试。',
  },
  vendRunning: { title: '仍在进行', meaning: '售货机还没有说明结果。', next: '请稍等，再按一次。' },
  vendUnfinished: {
    title: '售货机还没有完成',
    meaning: '已经请求过它，它还没有说明结果。',
    next: '请看一下取货口，再按一次：不会因此出两件货。',
  },
  vendOutcomeUnknown: {
    title: '连接中断：可能已经出货',
    meaning: '已经请求了售货机，但没有收到它的回答。',
    next: '请看一下取货口，然后再问一次：它会说明结果，不会因此再出货。',
  },
  sessionRepeated: { title: '售货机已经听过这个请求', meaning: nothing, next: '请重试。' },
  slotNotMetered: { title: '这个货道按件出货', meaning: `它不计量。${nothing}`, next: '请选择另一个。' },
  meterVoucherInvalid: {
    title: '售货机不接受这笔付款',
    meaning: '它不是为其通道签名的。之前付过的不变。',
    next: '请停止，然后重新开始。',
  },
  meterDepositExceeded: {
    title: '押金已用完',
    meaning: '售货机会自己停下；不再产生费用。',
    next: '请充值，然后重新开始。',
  },
  meterStopped: {
    title: '已停止',
    meaning: '售货机的收据说明了它给出了多少。',
    next: '如果需要更多，请重新开始。',
  },
}
