// Every value that a decoded request is made of, in full and under its name: for those who want to see all of it.
import type { Sentence } from '../../../../core/wallet/sentence.ts'
import { amountOf } from './sentenceParts.ts'
import type { Detail, Speaker } from './speaker.ts'

export function detailsOf(sentence: Sentence, say: Speaker): readonly Detail[] {
  const { labels } = say.words
  switch (sentence.kind) {
    case 'transfer':
      return [say.party(labels.to, sentence.to), say.plain(labels.amount, say.money(sentence.amount))]
    case 'tokenTransfer':
      return [
        say.party(labels.to, sentence.to),
        say.plain(labels.amount, say.money(sentence.amount)),
        say.party(labels.token, sentence.contract),
      ]
    case 'tokenApproval':
      return approval(sentence, say)
    case 'tokenPermit':
      return [...approval(sentence, say), say.plain(labels.deadline, say.date(sentence.deadline))]
    case 'claimDevice':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.address(labels.account, sentence.account),
        say.hash(labels.model, sentence.modelId),
        say.plain(labels.deadline, say.date(sentence.deadline)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'handOverDevice':
    case 'handOverGiven':
    case 'handOverAccepted':
      return [
        say.hash(labels.device, sentence.deviceId),
        ...(sentence.owner === null ? [] : [say.address(labels.owner, sentence.owner)]),
        say.address(labels.newOwner, sentence.newOwner),
        say.address(labels.newAccount, sentence.newAccount),
        say.plain(labels.deadline, say.date(sentence.deadline)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'fileConfig':
    case 'deviceConfig':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.version, say.number(sentence.version)),
        {
          ...say.plain(labels.epoch, say.number(sentence.epoch)),
          note: say.words.labels.epochNote(say.number(sentence.epoch)),
        },
        say.hashOrNobody(labels.issuer, sentence.issuerKey),
        {
          ...say.plain(labels.attestors, say.number(sentence.attestorThreshold)),
          ...(sentence.mayAttestorsOpen ? { note: labels.attestorsMayOpen } : {}),
        },
        say.hashOrNobody(labels.market, sentence.market),
        say.party(labels.contract, sentence.contract),
      ]
    case 'pairDevice':
    case 'changeOwnerKey':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.hash(labels.ownerKey, sentence.kind === 'pairDevice' ? sentence.ownerKey : sentence.newOwnerKey),
        say.party(labels.contract, sentence.contract),
      ]
    case 'tellTime':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.time, say.date(sentence.time)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'resetDevice':
      return [say.hash(labels.device, sentence.deviceId), say.party(labels.contract, sentence.contract)]
    case 'deviceGrant':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.hash(labels.userKey, sentence.userKeyHash),
        say.plain(labels.until, say.date(sentence.notAfter)),
        ...(sentence.maxUses === 0n ? [] : [say.plain(labels.maxUses, say.number(sentence.maxUses))]),
        ...(sentence.contract === null ? [] : [say.party(labels.market, sentence.contract)]),
      ]
    case 'vendTerms':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.hash(labels.grant, sentence.grantDigest),
        say.plain(labels.slots, sentence.slots.join(', ')),
        ...(sentence.contract === null ? [] : [say.party(labels.market, sentence.contract)]),
      ]
    case 'reportDevice':
      return [say.hash(labels.device, sentence.deviceId), say.party(labels.contract, sentence.contract)]
    case 'setDeviceUser':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.address(labels.user, sentence.user),
        say.plain(labels.until, say.date(sentence.expires)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'createModel':
      return [
        say.plain(labels.model, sentence.name),
        say.plain(labels.hardware, sentence.hardware),
        say.address(labels.releaseKey, sentence.releaseKey),
        say.address(labels.guardian, sentence.guardian),
        say.party(labels.contract, sentence.contract),
      ]
    case 'publishRelease':
      return [
        say.hash(labels.model, sentence.modelId),
        say.hash(labels.channel, sentence.channel),
        say.plain(labels.securityCounter, say.number(sentence.minSecurityCounter)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'revokeFirmware':
      return [
        say.hash(labels.model, sentence.modelId),
        say.hash(labels.digest, sentence.digest),
        say.plain(labels.reason, say.number(sentence.reason)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'attestFirmware':
      return [
        say.hash(labels.model, sentence.modelId),
        say.hash(labels.digest, sentence.digest),
        say.plain(labels.uri, sentence.uri),
        say.party(labels.contract, sentence.contract),
      ]
    case 'changeModelKey':
      return [
        say.hash(labels.model, sentence.modelId),
        ...(sentence.key === null ? [] : [say.address(labels.key, sentence.key)]),
        say.party(labels.contract, sentence.contract),
      ]
    case 'makeOffer':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.price, say.money(sentence.price)),
        say.plain(labels.instant, sentence.isInstant ? labels.instantNote : labels.escrowNote),
        say.plain(labels.shares, say.number(sentence.shares)),
        ...(sentence.hasDocument ? [say.plain(labels.document, labels.documentNote)] : []),
        say.party(labels.contract, sentence.contract),
      ]
    case 'pauseOffer':
    case 'openHours':
      return [say.hash(labels.device, sentence.deviceId), say.party(labels.contract, sentence.contract)]
    case 'placeOrder':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.amount, amountOf(sentence, say)),
        say.plain(labels.quantity, say.number(sentence.quantity)),
        say.plain(labels.instant, sentence.isInstant ? labels.instantNote : labels.escrowNote),
        say.party(labels.payer, sentence.payer),
        say.party(labels.contract, sentence.contract),
      ]
    case 'bindKey':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.hash(labels.userKey, sentence.userKeyHash),
        say.party(labels.contract, sentence.contract),
      ]
    case 'refundOrder':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.address(labels.payer, sentence.payer),
        say.plain(labels.amount, amountOf(sentence, say)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'fulfilOrder':
    case 'prepaidOrder':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.amount, amountOf(sentence, say)),
        say.plain(labels.until, say.date(sentence.notAfter)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'handInReceipt':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.quantity, say.number(sentence.quantity)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'payOut':
      return [
        say.party(labels.to, sentence.to),
        ...(sentence.token === null ? [] : [say.party(labels.token, sentence.token)]),
        say.party(labels.contract, sentence.contract),
      ]
    case 'prepay':
      return [
        say.plain(labels.amount, say.money(sentence.amount)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'prepaidBack':
      return [
        ...(sentence.to === null ? [] : [say.party(labels.to, sentence.to)]),
        ...(sentence.token === null ? [] : [say.party(labels.token, sentence.token)]),
        say.party(labels.contract, sentence.contract),
      ]
    case 'openChannel':
    case 'topUpChannel':
      return [
        say.party(labels.to, sentence.to),
        say.plain(labels.deposit, say.money(sentence.amount)),
        say.plain(labels.exitDelay, say.duration(Number(sentence.exitDelay))),
        ...(sentence.kind === 'openChannel' ? [say.address(labels.voucherKey, sentence.signer)] : []),
        say.party(labels.contract, sentence.contract),
      ]
    case 'leaveChannel':
      return [
        say.party(labels.payee, sentence.to),
        say.plain(labels.exitDelay, say.duration(Number(sentence.exitDelay))),
        say.party(labels.contract, sentence.contract),
      ]
    case 'emptyChannel':
      return [
        say.party(labels.payer, sentence.payer),
        say.party(labels.payee, sentence.to),
        say.party(labels.contract, sentence.contract),
      ]
    case 'claimChannel':
    case 'closeChannel':
    case 'agreeToClose':
      return [
        say.party(labels.payee, sentence.to),
        say.plain(labels.inAll, say.money(sentence.amount)),
        say.party(labels.payer, sentence.payer),
        say.party(labels.contract, sentence.contract),
      ]
    case 'keyRebinding':
      return [
        say.hash(labels.order, sentence.orderId),
        say.hash(labels.userKey, sentence.userKeyHash),
        say.party(labels.contract, sentence.contract),
      ]
    case 'anchorLog':
      return [
        say.hash(labels.log, sentence.logId),
        say.hash(labels.root, sentence.root),
        say.party(labels.contract, sentence.contract),
      ]
    case 'agentIssuing':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.hash(labels.issuer, sentence.issuerKey),
        say.plain(labels.withdrawEvery, say.number(sentence.withdrawEvery)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'openTill':
      return [say.hash(labels.device, sentence.deviceId), say.party(labels.contract, sentence.contract)]
    case 'setTillProduct':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.product, say.number(sentence.number)),
        say.plain(labels.price, say.money(sentence.price)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'removeTillProduct':
      return [
        say.plain(labels.product, say.number(sentence.number)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'sweepTill':
      return [say.party(labels.to, sentence.to), say.party(labels.contract, sentence.contract)]
    case 'kioskCatalogue':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.catalogueVersion, say.number(sentence.version)),
        say.hash(labels.catalogueHash, sentence.contentHash),
        say.party(labels.contract, sentence.contract),
      ]
    case 'kioskRequest':
      return [
        say.hash(labels.device, sentence.deviceId),
        say.plain(labels.slots, say.number(sentence.slot)),
        say.plain(labels.until, say.date(sentence.until)),
        say.party(labels.contract, sentence.contract),
      ]
    case 'contractCall':
      return [
        say.party(labels.contract, sentence.contract),
        say.plain(labels.function, sentence.function),
        ...sentence.arguments.map(argument => say.argument(argument)),
        say.plain(labels.amount, say.money(sentence.amount)),
      ]
    case 'statement':
      return [
        say.party(labels.contract, sentence.contract),
        ...sentence.fields.map(field => say.argument(field)),
      ]
    case 'text':
      return [say.plain(labels.text, sentence.text)]
    case 'unknownCall':
      return [
        say.party(labels.contract, sentence.to),
        say.plain(labels.amount, say.money(sentence.amount)),
        say.hash(labels.data, sentence.data),
      ]
    case 'unknownStatement':
      return [
        ...(sentence.contract === null ? [] : [say.address(labels.contract, sentence.contract)]),
        ...sentence.fields.map(field => say.argument(field)),
      ]
  }
}

function approval(
  sentence: Extract<Sentence, { kind: 'tokenApproval' | 'tokenPermit' }>,
  say: Speaker,
): readonly Detail[] {
  const { labels } = say.words
  return [
    say.party(labels.spender, sentence.spender),
    say.plain(labels.amount, amountOf(sentence, say)),
    say.party(labels.token, sentence.contract),
  ]
}
