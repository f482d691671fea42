// Chinese of why a kiosk does not take a signed order.
import type { instantRefusals as english } from '../en/instantRefusals.ts'

export const instantRefusals: typeof english = {
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
    title: '各端点意见不一致',
    meaning: '只有一个端点说的内容不会被采信。',
    next: '请稍后重试。',
  },
}
