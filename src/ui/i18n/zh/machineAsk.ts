// 简体中文：店主对货道的远程请求，以及可能的阻碍。
import type { MachineMessages } from '../machineEn.ts'

export const ask: MachineMessages['ask'] = {
  title: slot => `货道 ${String(slot)}`,
  body: '您在这里签名的内容由售货屏转达给售货机。售货机确认后才算完成，通常在半分钟之内。',
  filled: '补货后共有',
  fewer: '少一件',
  more: '多一件',
  fill: stock => `告诉售货机：${String(stock)} 件`,
  clear: '恢复使用',
  clearNote: '仅在有人检查之后：卡在半路的东西会在下一次出货时落下。',
  reopen: '重新开启',
  close: '关闭',
  closeNote: '在您重新开启之前，顾客和员工都无法从中取货。',
  test: '试出一件',
  testNote: '免费，用来看它是否转动。它计为免费，由站在那里的人得到。',
  list: '远程请求',
  acts: {
    fill: (slot, stock) => `货道 ${String(slot)}：现有 ${String(stock)} 件`,
    open: slot => `货道 ${String(slot)}：恢复使用`,
    close: slot => `货道 ${String(slot)}：关闭`,
    test: slot => `货道 ${String(slot)}：试出一件`,
  },
  states: {
    waiting: '在路上：售货机还没有回答',
    done: '已完成，由售货机确认',
    refused: '未完成',
    over: '未完成：一小时内没有售货屏来取',
  },
  reasons: {
    jam: '卡住了',
    noDrop: '转动了，但没有东西落下',
    powerCut: '期间断电',
    doorOpened: '期间门被打开',
    machineSaysOtherwise: '售货机现在的说法不同',
    slotNotGranted: '售货屏没有获得这个货道的授权',
    requestForOtherKiosk: '被另一个售货屏取走',
    other: '售货机拒绝了',
  },
  asked: age => `${age}请求`,
}

export const askFailures = {
  askUnreachable: {
    title: '您的盒子没有回应',
    meaning: '没有向售货机请求任何事。',
    next: '请检查盒子是否在线，然后再请求。',
  },
  askRefused: {
    title: '您的盒子不接受',
    meaning: '没有向售货机请求任何事。',
    next: '请检查该盒子是否已为这台售货机启用，并等待之前的请求完成。',
  },
  kioskUnknown: {
    title: '您的售货屏还没有报告',
    meaning: '试出需要为用这个钱包授权过的售货屏签发许可。没有签署任何内容。',
    next: '请在这里再次授权售货屏，或等待它的下一次报告。',
  },
}
