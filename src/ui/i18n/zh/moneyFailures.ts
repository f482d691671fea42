// 简体中文：签署、付款与拥有设备时可能出的问题。
import type { FailureText } from '../failureKinds.ts'
import type { MoneyFailureKind, OwnershipFailureKind } from '../walletFailureKinds.ts'

export const moneyFailures: Record<MoneyFailureKind, FailureText> = {
  transactionInvalid: {
    title: '这样无法发送',
    meaning: '其中有个数字不合规。什么都没有签署。',
    next: '请检查金额和地址后重试。',
  },
  statementInvalid: {
    title: '这样无法签署',
    meaning: '其中有个值与类型不符。什么都没有签署。',
    next: '请询问要求签名的人。',
  },
  unknownContract: {
    title: '这里没有人认识这个合约',
    meaning: '无法用文字说明它会做什么，所以 Fob 不签署。',
    next: '专家可在钱包设置中允许。如果是别人让您这么做，对方可能在打您钱的主意。',
  },
  unknownCall: {
    title: '这个合约没有这样的函数',
    meaning: '无法用文字说明它会做什么，所以 Fob 不签署。',
    next: '专家可在钱包设置中允许。如果是别人让您这么做，对方可能在打您钱的主意。',
  },
  unknownStatement: {
    title: '这里没有人认识这份声明',
    meaning: '无法用文字说明它会允许什么，所以 Fob 不签署。',
    next: '专家可在钱包设置中允许。如果是别人让您这么做，对方可能在打您钱的主意。',
  },
  valueNotTaken: {
    title: '这个函数不收币',
    meaning: '币会退回，手续费会白花。',
    next: '请不带金额发送。',
  },
  textUnreadable: {
    title: '这不是文字',
    meaning: '其中有无法阅读的字节，可能是伪装的别的东西。',
    next: '请不要签署。',
  },
  delegationRefused: {
    title: '这会交出整个账户',
    meaning: '它让一个合约全权代表账户。Fob 绝不签署。',
    next: '要求您这么做的人可能在打您钱的主意。',
  },
  wouldRevert: {
    title: '合约会拒绝它',
    meaning: '已试算，没有发送，也没有付款。',
    next: '情况可能已经变化。请查看细节后重试。',
  },
  insufficientFunds: {
    title: '账户里的钱不够',
    meaning: '金额加手续费超过了余额。',
    next: '请少付一些，或先存入。',
  },
  walletMissing: {
    title: '还没有钱包',
    meaning: '没有钱包就无法签署。',
    next: '请创建或恢复钱包。',
  },
  notEnough: {
    title: '账户里的钱不够',
    meaning: '金额加手续费超过了余额。',
    next: '请少付一些，或先存入。',
  },
  notOnThisNetwork: {
    title: '本网络不提供此功能',
    meaning: '网络文件中没有相应的合约。',
    next: '请换一个网络，或询问本网络的运营者。',
  },
  unknownAccount: {
    title: '这个账户已不存在',
    meaning: '可能在另一个标签页中被移除。',
    next: '请回到钱包。',
  },
  deviceNotOwned: {
    title: '链上这台设备不归您',
    meaning: '只有主人才能这么做。',
    next: '请重新读取钱包，它可能已经易主。',
  },
  alreadyMined: {
    title: '它已经打包',
    meaning: '无法再加快或取消。',
    next: '请等待最终确定。',
  },
  nonceTooLow: {
    title: '它的编号已被使用',
    meaning: '这个账户发送了别的交易，可能来自使用同一助记词的另一个应用。',
    next: '请查看明细后重试。',
  },
  replacementUnderpriced: {
    title: '手续费不够高',
    meaning: '要取代正在等待的那一笔，出价必须明显更高。',
    next: '请选择更快的一档。',
  },
  broadcastRefused: {
    title: '没有端点接收',
    meaning: '已记下并签署，但没有发出。会自动重试。',
    next: '请等待，或在网络设置中查看端点。',
  },
  proposalExpired: {
    title: '核对的时间过久',
    meaning: '什么都没有签署：当时的试算已不能说明现在。',
    next: '请重新核对。',
  },
  sendingElsewhere: {
    title: '另一个标签页正在用这个账户付款',
    meaning: '两笔可能占用同一编号。这里什么都没有签署。',
    next: '请稍后重试。',
  },
  notStored: {
    title: '无法记下这一笔',
    meaning: 'Fob 不会发送可能遗忘的东西。什么都没有发出，也没有付款。',
    next: '请在本浏览器腾出空间后重试。',
  },
  wrongSigner: {
    title: '应由另一个账户签署',
    meaning: '其中写明的账户不是所选的。',
    next: '请选择正确的账户。',
  },
  faucetUnavailable: {
    title: '现在领不到试用币',
    meaning: '演示网络的钱袋没有响应。',
    next: '请稍后重试。',
  },
  faucetEnough: {
    title: '您的试用币足够',
    meaning: '演示网络只发给空账户。',
    next: '请先花掉一些。',
  },
}

const nearNext = '请站到它旁边重试。'

export const ownershipFailures: Record<OwnershipFailureKind, FailureText> = {
  deviceNotPaired: {
    title: '设备还没有听任何人的',
    meaning: '它没有主人的密钥，可能被重置过。',
    next: '请先认领它。',
  },
  deviceAlreadyPaired: {
    title: '设备已经听别人的',
    meaning: '没有现主人，它不接受新主人。',
    next: '请它的主人转交给您。',
  },
  pairingClosed: {
    title: '没有按下按钮',
    meaning: '只有按下按钮后的一分钟内，设备才接受主人。',
    next: '请按下后重试。',
  },
  buttonNotPressed: {
    title: '没有及时按下按钮',
    meaning: '设备没有任何改变。',
    next: '请重新开始，然后按下按钮。',
  },
  cancelled: {
    title: '已停止',
    meaning: '设备没有任何改变。',
    next: '可随时重新开始。',
  },
  claimCodeMistyped: {
    title: '认领码输错了',
    meaning: '最后一个字符与前面不符。没有向设备询问。',
    next: '请与标签比对。',
  },
  claimCodeWrong: {
    title: '这不是这台设备的认领码',
    meaning: '每错一次，设备会等得更久。',
    next: '请确认标签属于这台设备。',
  },
  claimCodeWait: {
    title: '设备现在不接受认领码',
    meaning: '之前输错过，所以它在等待。',
    next: '请等几分钟，或用它的按钮。',
  },
  deviceHasNoButton: {
    title: '这台设备没有按钮',
    meaning: '它用印刷的认领码认领。',
    next: '请使用标签上的码。',
  },
  deviceHasNoClaimCode: {
    title: '这台设备没有印刷码',
    meaning: '它用按钮认领。',
    next: '请使用它的按钮。',
  },
  deviceWithoutOwner: {
    title: '这台设备不能有主人',
    meaning: '它的固件不支持主人功能，但仍可更新。',
    next: '请看新固件是否支持。',
  },
  deviceOfOthers: {
    title: '设备属于别人',
    meaning: '它听另一位主人的密钥。',
    next: '请询问它的主人。',
  },
  deviceRefusedSignature: {
    title: '设备拒绝了签名',
    meaning: '它认识的是另一位主人的密钥，或属于另一条链。',
    next: '请重新询问它听谁的。',
  },
  pairingCounterPassed: {
    title: '设备已经变化',
    meaning: '签署之后，它被配对或重置过。',
    next: '请重新开始。',
  },
  pairedForOtherNetwork: {
    title: '设备属于另一个网络',
    meaning: '它是为另一条链或登记处配对的。',
    next: '请打开配对时的网络。',
  },
  identityForOtherNetwork: {
    title: '设备是为另一个网络制造的',
    meaning: '它写明的链不是本网络的。',
    next: '请打开厂商写明的网络。',
  },
  configVersionRefused: {
    title: '设备的设置与预期不同',
    meaning: '设置必须逐个送达，另一部手机送过一个。',
    next: '请重新连接，Fob 会读取它现有的设置。',
  },
  configEpochRefused: {
    title: '设备拒绝了较旧的设置',
    meaning: '那会让已停用的钥匙重新生效。',
    next: '请建立新的设置。',
  },
  rulesMalformed: {
    title: '无法保存这些规则',
    meaning: '其中有个值不合规。原来的规则仍然有效。',
    next: '请查看技术细节，修改后重试。',
  },
  configInvalid: {
    title: '无法签署这些设置',
    meaning: '其中有个值不合规。',
    next: '请修改后重试。',
  },
  configNotDelivered: {
    title: '设备还没有收下设置',
    meaning: '设备没有签收的不能登记。',
    next: nearNext,
  },
  configFiledAlready: {
    title: '这些设置已经登记',
    meaning: '无需再做。',
    next: '请先更改设置。',
  },
  noDeviceConfig: {
    title: '设备还没有设置',
    meaning: '还没有告诉过它什么。',
    next: '请建立首次设置。',
  },
  nonceRefused: {
    title: '时间太久',
    meaning: '设备的提问只开放半分钟，现已关闭。',
    next: nearNext,
  },
  noDeviceSession: {
    title: '设备结束了对话',
    meaning: '安静十分钟后，或密钥更换时，它会忘记对话的人。',
    next: nearNext,
  },
  ownerSessionNeeded: {
    title: '只有主人才能这么做',
    meaning: '借来的钥匙不够。',
    next: '请使用主人的钱包。',
  },
  deviceAccessDenied: {
    title: '设备只听主人的',
    meaning: '它像对待陌生人一样拒绝了，这是应该的。',
    next: '它的主人，或持有管理钥匙的人可以操作。',
  },
  openRefused: {
    title: '设备拒绝了',
    meaning: '钥匙不合：过期、用完、已停用，或用途不同。',
    next: '请查看细节，可能需要新钥匙。',
  },
  sessionRefused: {
    title: '设备拒绝了对话',
    meaning: '它没有接受您的密钥。',
    next: nearNext,
  },
  sessionRepeated: {
    title: '设备已经回答过',
    meaning: '没有任何事做了两次。',
    next: nearNext,
  },
  passVoid: {
    title: '本机上的钥匙太旧',
    meaning: '之前的钥匙已被停用。',
    next: '请解锁钱包，Fob 会建立新的。',
  },
  deviceAnswerInvalid: {
    title: '设备的回答不对',
    meaning: '它的签名与所问不符。Fob 一概不信。',
    next: '请重试。如果一直如此，它可能不是它自称的设备。',
  },
  malformed: {
    title: '无法读懂设备的回答',
    meaning: '回答不完整，或是别的类型。Fob 一概不信。',
    next: nearNext,
  },
  deviceNotMet: {
    title: '本浏览器没有见过这台设备',
    meaning: '只在链上知道它。',
    next: '站在它旁边时，请在设备页添加。',
  },
  deviceForgotten: {
    title: '设备已不在列表中',
    meaning: '可能在另一个标签页中被移除。',
    next: '请重新添加。',
  },
  deviceModelChanged: {
    title: '设备说的型号与以前不同',
    meaning: '设备的型号不会改变。Fob 已停止。',
    next: '请确认这是不是那台设备。',
  },
  notYoursYet: {
    title: '链上它还不归您',
    meaning: '转交尚未最终确定。',
    next: '请等待确定后重试。',
  },
  notATakeCode: {
    title: '这不是接手设备的码',
    meaning: '它是别的码，或没有读全。',
    next: '请对方出示“钱包”中“接手设备”的码。',
  },
  notAGiveCode: {
    title: '这不是转交设备的码',
    meaning: '它是别的码，或没有读全。',
    next: '请对方出示转交之后显示的码。',
  },
  otherNetwork: {
    title: '此码属于另一个网络',
    meaning: '双方必须使用同一个网络。',
    next: '请在设置中比对网络。',
  },
  notForUs: {
    title: '此码是给别人的',
    meaning: '它对应的码不是这个钱包出示的。',
    next: '请重新出示您的码让对方扫描。',
  },
  takeCodeUsed: {
    title: '您的码已经用过',
    meaning: '每台设备都有自己的账户，所以需要各自的码。',
    next: '请出示一个新码。',
  },
  sameDeviceAccount: {
    title: '此码写的是设备现有的账户',
    meaning: '新主人需要新的账户。',
    next: '请对方出示新码。',
  },
  giveCodeExpired: {
    title: '此码已过期',
    meaning: '它应在已过去的日期之前提交。',
    next: '请对方给一个新码。',
  },
  giveCodeInvalid: {
    title: '码中有一个签名不对',
    meaning: '它被改动过，或由别人制作。什么都没有发送。',
    next: '请要一个新码，并留意是谁给您的。',
  },
  giveCodeStale: {
    title: '此码已不适用',
    meaning: '设备期间易主，或被报告丢失、被盗。',
    next: '请与给您码的人联系。',
  },
  deviceReported: {
    title: '设备被报告丢失或被盗',
    meaning: '在此期间它不能易主。',
    next: '请先报告已找回。',
  },
}
