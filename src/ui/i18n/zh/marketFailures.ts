// 简体中文：出租、预订和开锁可能出的问题：发生了什么，意味着什么，接下来做什么。
import type { MarketMessages } from '../marketEn.ts'

export const marketFailures: MarketMessages['failures'] = {
  chainUnreachable: {
    title: '没有端点应答',
    meaning: '出租、空闲和付款情况只能从链上读取。已在本机的钥匙不受影响。',
    next: '请检查网络连接，然后重试。',
  },
  offerNotFound: {
    title: '没有这份出租信息',
    meaning: '没有端点知道它。链接可能不完整，或属于另一个网络。',
    next: '请重新扫码，或索取完整链接。',
  },
  offerNotFinal: {
    title: '这份出租信息尚未最终确定',
    meaning: '它刚刚发布，仍可能作废。最终确定之前，没有人能预订。',
    next: '请留在本页：每半分钟会自动再查一次。',
  },
  orderInvalid: {
    title: '不能这样预订',
    meaning: '这份出租信息不出售这个时间或数量。没有付款。',
    next: '请选择其他时间。',
  },
  hoursTaken: {
    title: '这个时间已被预订',
    meaning: '别人先订了，或已不再出租。没有付款。',
    next: '请选择其他时间：日历已重新读取。',
  },
  offerNotLive: {
    title: '已不能再预订',
    meaning: '它在此期间被暂停或已失效。没有付款。',
    next: '请询问主人，或另找一份。',
  },
  tooLate: {
    title: '这个时间来不及了',
    meaning: '它在钥匙签发之前就开始。没有付款。',
    next: '请选择更晚的时间。',
  },
  keyNotStored: {
    title: '本浏览器无法保存钥匙',
    meaning: '会立即丢失的钥匙，不会为它付款。',
    next: '请腾出空间，或使用普通窗口，然后重试。',
  },
  keyNotReady: {
    title: '钥匙还没有到',
    meaning: '本机还缺少锁所需的内容。',
    next: '请联网片刻，然后重试。',
  },
  keyGone: {
    title: '这把钥匙的密钥已不在',
    meaning: '此浏览器的数据已被清除。助记词不能恢复开锁的钥匙，所以没有询问这把锁。',
    next: '请向出租或出借的人要一把新钥匙；如果您的另一部手机上还有，可以用它开锁。',
  },
  otherLock: {
    title: '这是另一把锁',
    meaning: '应答的设备不是这把钥匙的锁。什么也没有打开。',
    next: '请靠近正确的锁，再按一次并选择它。',
  },
  outcomeUnknown: {
    title: '连接中断：可能已经打开',
    meaning: '已向锁发出请求，但没有收到答复。',
    next: '请试试门。如果还锁着，再按一次：不会重复计数。',
  },
  notAMarketCode: {
    title: '这个二维码另有用途',
    meaning: '它既不是出租信息，也不是钥匙。',
    next: '请扫描锁旁或另一部手机上的二维码。',
  },
  notAKeyCode: {
    title: '这不是钥匙',
    meaning: '二维码另有用途，或缺了一部分。',
    next: '请主人再次显示钥匙的二维码。',
  },
  notAKeyRequest: {
    title: '这不是手机的二维码',
    meaning: '钥匙只为一部手机制作，因此需要那部手机的二维码。',
    next: '请对方打开“我的钥匙”并显示二维码。',
  },
  notABoxCode: {
    title: '这不是主机的二维码',
    meaning: '它另有用途。',
    next: '请扫描您的主机显示的二维码。',
  },
  boxCodeHere: {
    title: '这是主机的二维码',
    meaning: '主机为主人签发钥匙，它自己什么也打不开。',
    next: '请打开您的锁的“出租或借出”，在那里扫描。',
  },
  notForUs: {
    title: '这把钥匙属于另一部手机',
    meaning: '它是为另一部手机显示的码制作的。',
    next: '请向主人显示本机的二维码，重新签发一把。',
  },
  keyEnded: {
    title: '这把钥匙的时间已过',
    meaning: '它已经不能开锁。',
    next: '请向主人索取新的。',
  },
  boxUnreachable: {
    title: '主机没有回应',
    meaning: '它可能没有开机，或本机连不上它。没有任何更改。',
    next: '请确认它在运行，然后重试。',
  },
  boxRefused: {
    title: '主机拒绝了',
    meaning: '它有回应，但不做这件事。没有任何更改。',
    next: '请查看技术细节，以及主机自己的说明。',
  },
  boxUnproven: {
    title: '主机读不了链',
    meaning: '它要先证明锁归谁所有，而它的端点不足以证明。没有任何更改。',
    next: '请过一分钟再试。如果一直这样，请检查主机自己的端点。',
  },
  termsRefused: {
    title: '市场不会接受',
    meaning: '有一项条款与其他条款不符。什么也没有发送。',
    next: '请查看技术细节：其中写明了是哪一项。',
  },
  keyRevoked: {
    title: '主人已作废这把钥匙',
    meaning: '它是在作废所有钥匙之前签发的。',
    next: '请向主人索取新的：您已付款的仍属于您。',
  },
  configNotFiled: {
    title: '链上还没有锁的设置',
    meaning: '合约要在链上查看谁的钥匙能开锁。没有签名。',
    next: '请先把锁的设置上链备案。',
  },
  proofInvalid: {
    title: '证明不成立',
    meaning: '端点给出的内容与见证人签名的不符，没有使用。',
    next: '请重试。如果再次出现，请查看网络设置中的端点。',
  },
  attestationsMissing: {
    title: '回应的见证人太少',
    meaning: '锁要求更多见证人为您付款所在的区块签名。',
    next: '请稍候再试。',
  },
  termsInvalid: {
    title: '条款自相矛盾',
    meaning: '这样的出租无法履行。没有付款。',
    next: '请向主人索取另一份。',
  },
  orderUnknown: {
    title: '没有人知道这份预订',
    meaning: '链上没有这个编号。',
    next: '请等付款最终确定后重试。',
  },
  orderNotOpen: {
    title: '这份预订已经结清',
    meaning: '钥匙已签发，或款项已退回。',
    next: '请重新查看入住列表。',
  },
  orderNotSigned: {
    title: '这份预订还没有钥匙',
    meaning: '只有已签发的钥匙才能移动或重新制作。',
    next: '请等它签发。',
  },
  signerIsAnother: {
    title: '这把锁由别人签发',
    meaning: '按链上的设置，签发者不是本机。',
    next: '请让主机签发，或收回签发权并备案。',
  },
  serviceRefused: {
    title: '主人的主机拒绝了',
    meaning: '它有回应，但不给出这把钥匙。',
    next: '请询问主人。签发之前，款项可以退回。',
  },
  serviceUnreachable: {
    title: '主人的主机没有回应',
    meaning: '您的钥匙可能已签发，但没能取到。',
    next: '请稍后重试，不会有损失。',
  },
  receiptUnknown: {
    title: '这份凭证已不在本机',
    meaning: '每把钥匙只在本机保留最新的 200 份。',
    next: '请选择较新的一份。',
  },
  notAnchoredYet: {
    title: '这份凭证尚未写入链上',
    meaning: '它的证明要通向链上的一个指纹，而链上最新的指纹比它更早。',
    next: '请先写入链上。',
  },
  logOfAnotherPhone: {
    title: '上次写入的是您的另一部手机',
    meaning: '链上最新的指纹属于那部手机的记录，这份凭证不在其中。',
    next: '请把本机的记录再写入一次，然后生成证明。',
  },
  logEmpty: {
    title: '没有可写入的内容',
    meaning: '锁还没有对本机说过什么。',
    next: '请先开一次锁。',
  },
  notAReceipt: {
    title: '这不是锁的凭证',
    meaning: '文件是别的东西，或缺了一部分。',
    next: '请对方重新提供 Fob 保存的文件。',
  },
  receiptNotSigned: {
    title: '锁没有签署过它',
    meaning: '文件被改动过，或是编造的。请不要相信它。',
    next: '请对方重新提供文件。如果内容相同，它就是假的。',
  },
  notAnchored: {
    title: '链上没有它的指纹',
    meaning: '锁签署了它，但时间未能证明：这个账户没有写入过这样的记录。',
    next: '请问对方是否写入过，等最终确定后再试。',
  },
  notInLog: {
    title: '它不在写入的记录之中',
    meaning: '锁签署了它，但它通向链上指纹的路径不成立。',
    next: '请对方重新提供文件。',
  },
  timeNotTold: {
    title: '锁还不知道时间',
    meaning: '它已收下您的设置，但在知道时间之前客人无法开锁。',
    next: '请联网、打开钱包、站在它旁边，再次把设置带给它。',
  },
  lockTimeUntold: {
    title: '锁不知道时间',
    meaning: '它可能因断电丢失了时间，刚才没有人能告诉它。',
    next: '请让本机联网片刻，再按一次。',
  },
}
