// 简体中文：钱包的每种失败——发生了什么、意味着什么、接下来怎么办。
import type { FailureText } from '../failureKinds.ts'
import type { WalletFailureKind } from '../walletFailureKinds.ts'

export const walletFailures: Record<WalletFailureKind, FailureText> = {
  chainUnreachable: {
    title: '没有端点应答',
    meaning: '余额、费用和所有者只能从链上读取。连不上时不会签署任何新内容。',
    next: '请检查网络后重试。',
  },
  wrongPassphrase: {
    title: '口令不正确',
    meaning: '钱包保持原样，没有打开。',
    next: '请检查所输入的内容后重试，区分大小写。',
  },
  vaultWaiting: {
    title: '口令输错次数过多',
    meaning: 'Fob 会等待一段时间再接受下一次，以防有人快速猜测。',
    next: '请等待时间结束，或使用通行密钥。',
  },
  passphraseTooShort: {
    title: '口令太短',
    meaning: '复制了此浏览器数据的人很快就能猜出来。',
    next: '请用四五个互不相关的词。',
  },
  passphraseTooSimple: {
    title: '口令太简单',
    meaning: '其中几乎没有不同的字符。',
    next: '请用四五个互不相关的词。',
  },
  passphraseTooLong: {
    title: '口令太长',
    meaning: '超过约一千个字符并不会更安全。',
    next: '请换一个短一些的。',
  },
  stretchFailed: {
    title: '此设备无法完成口令运算',
    meaning: '运算时短暂需要约 128 MB 内存，但没有得到。没有做任何改动。',
    next: '请关闭其他标签页和应用后重试。',
  },
  vaultMissing: {
    title: '此浏览器中没有钱包',
    meaning: '它可能已在其他标签页中抹掉，或浏览器清除了数据。',
    next: '请用助记词或备份文件恢复。',
  },
  vaultExists: {
    title: '已经有一个钱包',
    meaning: '此浏览器一次只保存一个钱包，且从不覆盖。',
    next: '请使用它，或先在钱包设置中抹掉。',
  },
  vaultLocked: {
    title: '钱包已锁定',
    meaning: '它在此期间自动锁定了，什么也没有做。',
    next: '请解锁后重试。',
  },
  vaultChangedElsewhere: {
    title: '另一个标签页更改了钱包',
    meaning: '此标签页已锁定，以免相互覆盖。',
    next: '请解锁后重试。',
  },
  vaultStorageFull: {
    title: '浏览器存储空间已满',
    meaning: '更改没有保存，之前保存的内容仍在。',
    next: '请腾出空间，例如在设置中删除已保存的固件，然后重试。',
  },
  vaultStorageUnavailable: {
    title: '浏览器不提供存储',
    meaning: '可能是无痕窗口，或网站数据被禁止：这里无法保存钱包。',
    next: '请在普通窗口中打开 Fob，并允许它存储数据。',
  },
  vaultNotStored: {
    title: '浏览器没有正确保存',
    meaning: '写入的内容读出来不一致。之前保存的内容仍在。',
    next: '请重试。如果再次发生，请保存备份文件并换一个浏览器。',
  },
  fileUnreadable: {
    title: '无法读取文件',
    meaning: '它可能已被移动或删除，或所在的存储设备已拔出。',
    next: '请重新选择。',
  },
  notAVault: {
    title: '这不是钱包备份',
    meaning: '此文件不是由 Fob 保存的，或其开头被改动过。',
    next: '请选择以 .fobvault 结尾的文件。',
  },
  vaultDamaged: {
    title: '保存的钱包已损坏',
    meaning: '其中有一部分缺失或被改动。这是校验和得出的，与口令无关。',
    next: '请使用备份文件的另一份副本，或用助记词恢复。',
  },
  vaultNewer: {
    title: '它由较新的 Fob 制作',
    meaning: '此版本无法读取，也不会改动它。',
    next: '请重新加载页面，以获取最新的 Fob。',
  },
  vaultStrengthRefused: {
    title: '其保护强度不可接受',
    meaning: '文件要求的运算量比 Fob 所用的弱，或大得离谱，可能是有人伪造的。',
    next: '请不要为它输入口令。请使用另一份副本，或用助记词恢复。',
  },
  phraseLength: {
    title: '助记词数量不对',
    meaning: '一个钱包有 12 或 24 个助记词。',
    next: '请与纸上核对。',
  },
  phraseUnknownWord: {
    title: '有一个词不在词表中',
    meaning: '可能看错或输错了。',
    next: '请与纸上核对。',
  },
  phraseChecksum: {
    title: '这些词不匹配',
    meaning: '每个词都存在，但有一个错了，或有两个颠倒了。',
    next: '请与纸上逐一核对。',
  },
  backupMismatch: {
    title: '所选的词不对',
    meaning: '您选的词中至少有一个不在这个位置。',
    next: '请重新查看助记词，并改正纸上的内容。',
  },
  backupNeeded: {
    title: '请先确认助记词',
    meaning: '转入没有备份的钱包的资金，可能随这部手机一起丢失。',
    next: '请抄下助记词并确认。',
  },
  passkeyUnavailable: {
    title: '这里没有通行密钥',
    meaning: '此浏览器不支持，或不支持此地址。',
    next: '请使用口令。',
  },
  passkeyCancelled: {
    title: '没有使用通行密钥',
    meaning: '请求被关闭或超时，什么也没有改变。',
    next: '请重试，或使用口令。',
  },
  passkeyWithoutPrf: {
    title: '此通行密钥无法打开钱包',
    meaning: '它可以用于登录，但不能为网页保管秘密（PRF），因此没有添加。',
    next: '请换一个验证器，例如手机自带的或较新的安全密钥。',
  },
  passkeyExists: {
    title: '此验证器已经添加',
    meaning: '每个验证器有一个通行密钥就够了。',
    next: '无需处理。',
  },
  passkeyUnknown: {
    title: '钱包不认识此通行密钥',
    meaning: '它已在这里移除，或属于另一个钱包。',
    next: '请用其他通行密钥或口令。',
  },
  wrongPasskey: {
    title: '此通行密钥打不开这个钱包',
    meaning: '它有应答，但与钱包不符，可能是另一个验证器上的副本。',
    next: '请使用口令，然后移除此通行密钥并重新添加。',
  },
  passkeyLimit: {
    title: '无法再添加通行密钥',
    meaning: '一个钱包最多有八个。',
    next: '请移除不再使用的。',
  },
  passkeyFailed: {
    title: '通行密钥没有成功',
    meaning: '浏览器或验证器拒绝了，原因仅见技术细节。',
    next: '请重试，或使用口令。',
  },
  injectedMissing: {
    title: '那个钱包已不在',
    meaning: '它已被停用或从浏览器中移除。',
    next: '请启用它，然后重新加载本页。',
  },
  injectedRefused: {
    title: '另一个钱包拒绝了',
    meaning: '请求被拒绝，什么也没有改变。',
    next: '请重试，并在它的窗口中同意。',
  },
  injectedOtherChain: {
    title: '另一个钱包在别的链上',
    meaning: '它没有切换到本网络的链。',
    next: '请在那个钱包中选择本网络的链，然后重试。',
  },
  injectedOtherAccount: {
    title: '另一个钱包给出了别的账户',
    meaning: '之前选定的账户不再对本页开放。',
    next: '请在那个钱包中选择同一账户，或重新连接。',
  },
  injectedFailed: {
    title: '另一个钱包没有正常应答',
    meaning: '什么也没有做。',
    next: '请打开它，看是否在等待操作，然后重试。',
  },
}
