// 店主远程管理售货屏的文字；打开相关页面时才加载。
import type { SellingMessages } from './sellingEn.ts'
import { kioskInside } from './zh/kioskOwner.ts'

const unchanged = '没有任何改变。'

export const sellingZh: SellingMessages = {
  title: '售卖',
  notYours: '这台售货机不是你的',
  reading: '正在询问盒子和区块链',
  products: '商品',
  productsNote: (count, version) => `${String(count)} 种商品，第 ${String(version)} 版`,
  productsNone: '还没有商品',
  grant: '授权售货屏',
  grantNote: '让一台平板从这台售货机售卖',
  state: '现在',
  never: '还没有售货屏报告',
  neverBody: '请授权一台，并确认它能连上你的盒子。',
  reported: age => `${age}报告`,
  noAlarms: '一切正常',
  alarm: kioskInside.alarm,
  stock: '库存',
  slot: slot => `货道 ${String(slot)}`,
  stockOf: (stock, capacity) => `${String(stock)} / ${String(capacity)}`,
  gas: '手续费余额',
  till: '收款合约',
  tillNone: '尚未开设：首次发布时开设',
  salesOf: '销售',
  period: { week: '7 天', month: '30 天', quarter: '90 天' },
  perDay: '每日销量',
  plot: (sold, refunded, from, to) => `${from}至${to}：售出 ${sold}，退款 ${refunded}`,
  most: count => `单日最多 ${String(count)} 件`,
  dayOf: (day, sold, refunded) =>
    `${day}：售出 ${String(sold)}${refunded === 0 ? '' : `，退款 ${String(refunded)}`}`,
  byDay: '逐日',
  parties: '各方收入',
  partiesNote: '仅从区块链读取：每一方无需问你也能看到同样的数字。',
  kept: amount => `${amount} 尚未提取`,
  escrow: '已付款，尚未出货或退款',
  csv: '保存为表格 (CSV)',
  noSales: '这段时间没有售出。',
  rows: '最近销售',
  rowStates: { open: '进行中', sold: '已售', refunded: '已退款' },
  product: number => `商品 ${String(number)}`,
  editor: {
    title: '商品',
    kioskTitle: '售货屏名称',
    titleEn: '英文名称',
    titleZh: '中文名称',
    add: '添加商品',
    remove: '移除',
    unnamed: '新商品',
    nameEn: '英文名称',
    nameZh: '中文名称',
    noteEn: '英文说明（一行）',
    noteZh: '中文说明（一行）',
    zhHint: '留空则显示英文。',
    price: symbol => `价格（${symbol}）`,
    slot: '货道',
    slotHint: '机器上标注的编号，从 0 开始。',
    most: '单次最多件数',
    picture: '图片',
    pictureChoose: '选择图片',
    pictureOther: '换一张',
    pictureNote: '最大 512 kB。以 CID 提供，此浏览器打开时由它给出。',
    shares: '分账',
    ways: '付款方式',
    way: { till: '任何钱包，普通转账', order: 'Fob，链上订单', instant: 'Fob，签名' },
    depth: '何时出货',
    depthNote: '付款之后再经过这么多区块。越少越快；之后消失的付款由你承担。',
    depthUpTo: symbol => `不超过此价格（${symbol}）`,
    depthBlocks: '经过的区块数',
    depthAbove: '更高的价格：等到付款不可撤销。',
    instant: '你对签名付款承担的风险',
    perSale: symbol => `每笔（${symbol}）`,
    perBuyer: symbol => `同一买家未结（${symbol}）`,
    open: symbol => `全部未结（${symbol}）`,
    publish: '查看需要签署的内容',
    stepsTitle: '上架之前',
    step: (step, name) => {
      switch (step.kind) {
        case 'openTill':
          return '为这台售货机开设收款合约'
        case 'makeOffer':
          return `发布“${name}”`
        case 'setProduct':
          return `把“${name}”放入收款合约`
        case 'removeProduct':
          return `从收款合约移除商品 ${String(step.number)}`
        case 'sign':
          return '签署目录，并交给你的盒子'
      }
    },
    next: '下一个签名',
    waiting: '正在等待最终确认，然后继续',
    published: version => `第 ${String(version)} 版已发布，售货屏会在一分钟内采用。`,
    faults: { number: '请输入整数。', fields: '还有内容无法发布' },
  },
  kiosk: {
    title: '授权售货屏',
    body: '平板在设置时（地址 /kiosk）会显示一个码。它的密钥之后只能让这台售货机出已付款的货。',
    scan: '扫描售货屏的码',
    scanHint: '以 FOB:KIOSK: 开头',
    scanned: '这台售货机的售货屏',
    gas: '它的手续费账户',
    slots: '货道',
    slotsHint: '起止或列表：0-7, 9',
    perDay: '每天最多件数',
    days: '有效天数',
    box: '你的盒子',
    boxHint: '它的地址，售货屏从那里获取目录。',
    sign: '签署授权',
    answer: '给售货屏的答复',
    answerBody: '让售货屏扫描它，或在那里粘贴。',
  },
  failures: {
    notOnThisNetwork: {
      title: '此网络无法售卖',
      meaning: '它没有指定 Market 或 Tills。',
      next: '请询问提供此 Fob 的人。',
    },
    walletMissing: { title: '这里没有钱包', meaning: unchanged, next: '请打开认领这台售货机的钱包。' },
    notOwner: {
      title: '这台售货机不是你的',
      meaning: `链上的主人是别人。${unchanged}`,
      next: '请使用认领它的钱包。',
    },
    codeMalformed: { title: '这不是售货屏的码', meaning: unchanged, next: '请扫描售货屏设置时显示的码。' },
    codeForOther: {
      title: '该售货屏属于另一台售货机',
      meaning: unchanged,
      next: '请打开那台售货机的售卖页，或在售货屏上选择这台售货机。',
    },
    boxUnreachable: {
      title: '你的盒子没有回应',
      meaning: '链上的内容已在；目录尚未交付。',
      next: '请检查盒子是否在线，然后在此继续。',
    },
    boxRefused: {
      title: '你的盒子拒绝了',
      meaning: '售货屏保留现有目录。',
      next: '请检查该盒子是否已为这台售货机启用。',
    },
    pictureTooLarge: {
      title: '图片太大',
      meaning: '最大 512 kB，这样售货屏能立即取得。',
      next: '请缩小后重新选择。',
    },
    pictureNotStored: { title: '图片无法保存', meaning: '此浏览器无法提供它。', next: '请检查空间后重试。' },
    notAPicture: {
      title: '这不是图片',
      meaning: unchanged,
      next: '请选择 PNG、JPEG、WebP、AVIF、GIF 或 SVG 文件。',
    },
    draftInvalid: { title: '还不能发布', meaning: '有内容不符合合约要求。', next: '请检查下方指出的项目。' },
  },
}
