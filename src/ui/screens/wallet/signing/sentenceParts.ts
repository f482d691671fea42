// What the one line that says what happens is put together from: how much, to whom, which device, until when.
import { formatVersion, unpackVersion } from '../../../../core/mcuboot/version.ts'
import type { Amount, Sentence } from '../../../../core/wallet/sentence.ts'
import type { Speaker } from './speaker.ts'

export function partsOf(sentence: Sentence, say: Speaker) {
  return {
    amount: amountOf(sentence, say),
    to: toOf(sentence, say),
    device: 'deviceId' in sentence ? say.device(sentence.deviceId) : '',
    contract:
      'contract' in sentence && typeof sentence.contract === 'object' && sentence.contract
        ? say.contract(sentence.contract)
        : '',
    name: nameOf(sentence, say),
    from: 'notBefore' in sentence && sentence.notBefore > 0n ? say.date(sentence.notBefore) : '',
    until: untilOf(sentence, say),
  }
}

/** The one amount in words; none where it is about none. */
export function amountOf(sentence: Sentence, say: Speaker): string {
  if ('isUnlimited' in sentence && sentence.isUnlimited) return say.words.unlimited
  const amount = amountIn(sentence)
  return amount === undefined ? '' : say.money(amount)
}

function toOf(sentence: Sentence, say: Speaker): string {
  switch (sentence.kind) {
    case 'transfer':
    case 'tokenTransfer':
    case 'unknownCall':
      return say.contract(sentence.to)
    case 'tokenApproval':
    case 'tokenPermit':
      return say.contract(sentence.spender)
    case 'handOverDevice':
    case 'handOverGiven':
    case 'handOverAccepted':
      return say.who(sentence.newOwner)
    case 'setDeviceUser':
      return say.who(sentence.user)
    case 'payOut':
    case 'sweepTill':
      return say.contract(sentence.to)
    case 'openChannel':
    case 'topUpChannel':
    case 'leaveChannel':
    case 'emptyChannel':
    case 'claimChannel':
    case 'closeChannel':
    case 'agreeToClose':
      return say.contract(sentence.to)
    default:
      return ''
  }
}

function untilOf(sentence: Sentence, say: Speaker): string {
  if (sentence.kind === 'tellTime') return say.date(sentence.time)
  if ('expires' in sentence) return say.date(sentence.expires)
  return 'notAfter' in sentence ? say.date(sentence.notAfter) : ''
}

/** What the sentence's own name slot holds: a report, a version, a function, a type. */
function nameOf(sentence: Sentence, say: Speaker): string {
  const { words } = say
  const { reports, attests, keyChanges, actions } = words
  switch (sentence.kind) {
    case 'deviceGrant':
      return sentence.actions.map(action => actions[action]).join(', ')
    case 'vendTerms':
      return words.vending[sentence.use](say.number(sentence.perDay))
    case 'reportDevice':
      return reports[sentence.report]
    case 'createModel':
      return sentence.name
    case 'publishRelease':
      return formatVersion(unpackVersion(sentence.version))
    case 'attestFirmware':
      return sentence.approves ? attests.approves : attests.rejects
    case 'changeModelKey':
      return keyChanges[sentence.change]
    case 'makeOffer':
      return words.per[sentence.unit]
    case 'pauseOffer':
      return sentence.isPaused ? words.pausing.paused : words.pausing.live
    case 'handInReceipt':
      return words.outcomes[sentence.outcome]
    case 'payOut':
      return sentence.account === null ? words.ownAccount : say.who(sentence.account)
    case 'prepaidBack':
      return sentence.to === null ? words.prepaidSteps.ask : words.prepaidSteps.take
    case 'openChannel':
    case 'topUpChannel':
    case 'leaveChannel':
      return say.duration(Number(sentence.exitDelay))
    case 'emptyChannel':
    case 'claimChannel':
    case 'closeChannel':
    case 'agreeToClose':
      return say.contract(sentence.payer)
    case 'anchorLog':
      return say.number(sentence.size)
    case 'agentIssuing':
      return sentence.isOn ? words.boxes.on : words.boxes.off
    case 'setTillProduct':
    case 'removeTillProduct':
      return say.number(sentence.number)
    case 'kioskCatalogue':
      return words.products(Number(sentence.products))
    case 'kioskRequest':
      return words.kioskActs[sentence.act](say.number(sentence.slot), say.number(sentence.stock))
    case 'contractCall':
      return sentence.function
    case 'statement':
    case 'unknownStatement':
      return sentence.type
    default:
      return ''
  }
}

/** The one amount that a sentence is about, whatever becomes of it. */
function amountIn(sentence: Sentence): Amount | undefined {
  switch (sentence.kind) {
    case 'makeOffer':
    case 'setTillProduct':
      return sentence.price
    case 'placeOrder':
      return sentence.amount ?? sentence.prepaid
    case 'prepaidOrder':
      return sentence.prepaid
    case 'refundOrder':
      return sentence.returned
    case 'fulfilOrder':
      return sentence.earned
    default:
      return 'amount' in sentence ? sentence.amount : undefined
  }
}
