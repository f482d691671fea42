// 把文件交给旁边手机的文字；打开该页面时才加载。
import type { HandOverMessages } from './handOverEn.ts'

export const handOverZh: HandOverMessages = {
  title: '交给旁边的手机',
  lead: '无需互联网：扫两个码，文件就在两部手机所在的网络内直接传送。其中一部开热点即可。',
  give: '给出文件',
  giveNone: '这里没有完整的文件可给。',
  giveThis: (name, version) => `给出 ${name} ${version}`,
  take: '获取文件',
  takeHint: '先由另一部手机显示一个码。',
  scanOffer: '读取对方手机的码',
  scanAnswer: '读取对方现在显示的码',
  pasteHint: '以 FOB: 开头',
  offerLabel: '给获取文件的手机看的码',
  answerLabel: '给提供文件的手机看的码',
  stepGive: '1. 对方在“获取文件”下读取此码。',
  stepAnswer: '2. 然后读取对方显示的码。',
  stepTake: '把它给提供文件的手机看，随后开始。',
  meeting: '两部手机正在互相寻找……',
  moving: (done, total) => `${done} / 共 ${total}`,
  given: '对方已收到。',
  taken: '文件已在这里。',
  takenHint: '每一块到达时都已检查。请照常更新设备：写入之前会与其发布版本核对。',
  again: '重新开始',
  failures: {
    webRtcMissing: {
      title: '此浏览器无法做到',
      meaning: '它没有 WebRTC，或已被关闭。',
      next: '请使用 Chrome 或 Edge，或通过互联网获取文件。',
    },
    noLocalNetwork: {
      title: '没有网络',
      meaning: '对方手机无法连到本机。',
      next: '请加入同一 Wi-Fi 或打开热点，然后重新开始。',
    },
    notAHandOverCode: {
      title: '这是别的码',
      meaning: '它不是交接的码，或不是接下来的那一个。',
      next: '请读取对方手机现在显示的码。',
    },
    fileNotHere: {
      title: '文件已不在这里',
      meaning: '为腾出空间已被移除。',
      next: '请重新获取，或选择其他文件。',
    },
    linkFailed: {
      title: '两部手机没有找到对方',
      meaning: '没有损失：已到达的数据块会保留。',
      next: '请确认两者在同一网络，且该网络不隔离访客。然后重新开始。',
    },
    handOverIncomplete: {
      title: '文件没有传完',
      meaning: '已到达的数据块会保留，错误的已丢弃。',
      next: '请重新开始：只会传送缺少的部分。',
    },
  },
}
