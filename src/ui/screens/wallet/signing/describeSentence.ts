// A decoded request in the person's words: one line that says what happens, and every value that it is made of.
import type { Address } from '../../../../core/bytes.ts'
import type { DeviceId } from '../../../../core/identity.ts'
import { formatVersion, unpackVersion } from '../../../../core/mcuboot/version.ts'
import type { Argument } from '../../../../core/wallet/abiShape.ts'
import type { Amount, Party, Sentence } from '../../../../core/wallet/sentence.ts'
import { exactAmount } from '../../../i18n/amounts.ts'
import type { Formats } from '../../../i18n/formats.ts'
import { shortHash } from '../../../i18n/formats.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'

/** A value to be shown: `address` and `hash` can be copied whole. */
export interface Detail {
  readonly name: string
  readonly form: 'plain' | 'address' | 'hash'
  readonly value: string
  readonly note?: string
}

export interface Description {
  readonly what: string
  readonly confirm: string
  readonly note: string | null
  readonly details: readonly Detail[]
}

/** Who is who on this screen. */
export interface Names {
  /** The person's own word for an address: an account, a contact, a contract; null for strangers. */
  readonly ofAddress: (address: Address) => string | null
  readonly ofDevice: (deviceId: DeviceId) => string | null
}

export function describeSentence(
  sentence: Sentence,
  words: WalletMessages,
  formats: Formats,
  names: Names,
): Description {
  const say = new Speaker(words, formats, names)
  const details = say.details(sentence)
  const text = words.sentences[sentence.kind](say.parts(sentence))
  return { what: text.what, confirm: text.confirm, note: text.note ?? null, details }
}

class Speaker {
  readonly #words: WalletMessages
  readonly #formats: Formats
  readonly #names: Names

  constructor(words: WalletMessages, formats: Formats, names: Names) {
    this.#words = words
    this.#formats = formats
    this.#names = names
  }

  parts(sentence: Sentence) {
    return {
      amount: this.#amountOf(sentence),
      to: this.#toOf(sentence),
      device: 'deviceId' in sentence ? this.#device(sentence.deviceId) : '',
      contract:
        'contract' in sentence && typeof sentence.contract === 'object' && sentence.contract
          ? this.#contract(sentence.contract)
          : '',
      name: this.#nameOf(sentence),
      from: 'notBefore' in sentence && sentence.notBefore > 0n ? this.#date(sentence.notBefore) : '',
      until: this.#untilOf(sentence),
    }
  }

  details(sentence: Sentence): readonly Detail[] {
    const { labels } = this.#words.sentenceWords
    switch (sentence.kind) {
      case 'transfer':
        return [this.#party(labels.to, sentence.to), this.#plain(labels.amount, this.#money(sentence.amount))]
      case 'tokenTransfer':
        return [
          this.#party(labels.to, sentence.to),
          this.#plain(labels.amount, this.#money(sentence.amount)),
          this.#party(labels.token, sentence.contract),
        ]
      case 'tokenApproval':
        return this.#approval(sentence)
      case 'tokenPermit':
        return [...this.#approval(sentence), this.#plain(labels.deadline, this.#date(sentence.deadline))]
      case 'claimDevice':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#address(labels.account, sentence.account),
          this.#hash(labels.model, sentence.modelId),
          this.#plain(labels.deadline, this.#date(sentence.deadline)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'handOverDevice':
      case 'handOverGiven':
      case 'handOverAccepted':
        return [
          this.#hash(labels.device, sentence.deviceId),
          ...(sentence.owner === null ? [] : [this.#address(labels.owner, sentence.owner)]),
          this.#address(labels.newOwner, sentence.newOwner),
          this.#address(labels.newAccount, sentence.newAccount),
          this.#plain(labels.deadline, this.#date(sentence.deadline)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'fileConfig':
      case 'deviceConfig':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.version, this.#number(sentence.version)),
          {
            ...this.#plain(labels.epoch, this.#number(sentence.epoch)),
            note: this.#words.sentenceWords.labels.epochNote(this.#number(sentence.epoch)),
          },
          this.#hashOrNobody(labels.issuer, sentence.issuerKey),
          {
            ...this.#plain(labels.attestors, this.#number(sentence.attestorThreshold)),
            ...(sentence.mayAttestorsOpen ? { note: labels.attestorsMayOpen } : {}),
          },
          this.#hashOrNobody(labels.market, sentence.market),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'pairDevice':
      case 'changeOwnerKey':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#hash(
            labels.ownerKey,
            sentence.kind === 'pairDevice' ? sentence.ownerKey : sentence.newOwnerKey,
          ),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'tellTime':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.time, this.#date(sentence.time)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'resetDevice':
        return [this.#hash(labels.device, sentence.deviceId), this.#party(labels.contract, sentence.contract)]
      case 'deviceGrant':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#hash(labels.userKey, sentence.userKeyHash),
          this.#plain(labels.until, this.#date(sentence.notAfter)),
          ...(sentence.maxUses === 0n ? [] : [this.#plain(labels.maxUses, this.#number(sentence.maxUses))]),
          ...(sentence.contract === null ? [] : [this.#party(labels.market, sentence.contract)]),
        ]
      case 'vendTerms':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#hash(labels.grant, sentence.grantDigest),
          this.#plain(labels.slots, sentence.slots.join(', ')),
          ...(sentence.contract === null ? [] : [this.#party(labels.market, sentence.contract)]),
        ]
      case 'reportDevice':
        return [this.#hash(labels.device, sentence.deviceId), this.#party(labels.contract, sentence.contract)]
      case 'setDeviceUser':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#address(labels.user, sentence.user),
          this.#plain(labels.until, this.#date(sentence.expires)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'createModel':
        return [
          this.#plain(labels.model, sentence.name),
          this.#plain(labels.hardware, sentence.hardware),
          this.#address(labels.releaseKey, sentence.releaseKey),
          this.#address(labels.guardian, sentence.guardian),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'publishRelease':
        return [
          this.#hash(labels.model, sentence.modelId),
          this.#hash(labels.channel, sentence.channel),
          this.#plain(labels.securityCounter, this.#number(sentence.minSecurityCounter)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'revokeFirmware':
        return [
          this.#hash(labels.model, sentence.modelId),
          this.#hash(labels.digest, sentence.digest),
          this.#plain(labels.reason, this.#number(sentence.reason)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'attestFirmware':
        return [
          this.#hash(labels.model, sentence.modelId),
          this.#hash(labels.digest, sentence.digest),
          this.#plain(labels.uri, sentence.uri),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'changeModelKey':
        return [
          this.#hash(labels.model, sentence.modelId),
          ...(sentence.key === null ? [] : [this.#address(labels.key, sentence.key)]),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'makeOffer':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.price, this.#money(sentence.price)),
          this.#plain(labels.instant, sentence.isInstant ? labels.instantNote : labels.escrowNote),
          this.#plain(labels.shares, this.#number(sentence.shares)),
          ...(sentence.hasDocument ? [this.#plain(labels.document, labels.documentNote)] : []),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'pauseOffer':
      case 'openHours':
        return [this.#hash(labels.device, sentence.deviceId), this.#party(labels.contract, sentence.contract)]
      case 'placeOrder':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.amount, this.#amountOf(sentence)),
          this.#plain(labels.quantity, this.#number(sentence.quantity)),
          this.#plain(labels.instant, sentence.isInstant ? labels.instantNote : labels.escrowNote),
          this.#party(labels.payer, sentence.payer),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'bindKey':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#hash(labels.userKey, sentence.userKeyHash),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'refundOrder':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#address(labels.payer, sentence.payer),
          this.#plain(labels.amount, this.#amountOf(sentence)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'fulfilOrder':
      case 'prepaidOrder':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.amount, this.#amountOf(sentence)),
          this.#plain(labels.until, this.#date(sentence.notAfter)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'handInReceipt':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.quantity, this.#number(sentence.quantity)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'payOut':
        return [
          this.#party(labels.to, sentence.to),
          ...(sentence.token === null ? [] : [this.#party(labels.token, sentence.token)]),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'prepay':
        return [
          this.#plain(labels.amount, this.#money(sentence.amount)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'prepaidBack':
        return [
          ...(sentence.to === null ? [] : [this.#party(labels.to, sentence.to)]),
          ...(sentence.token === null ? [] : [this.#party(labels.token, sentence.token)]),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'openChannel':
      case 'topUpChannel':
        return [
          this.#party(labels.to, sentence.to),
          this.#plain(labels.deposit, this.#money(sentence.amount)),
          this.#plain(labels.exitDelay, this.#formats.duration(Number(sentence.exitDelay))),
          ...(sentence.kind === 'openChannel' ? [this.#address(labels.voucherKey, sentence.signer)] : []),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'leaveChannel':
        return [
          this.#party(labels.payee, sentence.to),
          this.#plain(labels.exitDelay, this.#formats.duration(Number(sentence.exitDelay))),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'emptyChannel':
        return [
          this.#party(labels.payer, sentence.payer),
          this.#party(labels.payee, sentence.to),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'claimChannel':
      case 'closeChannel':
      case 'agreeToClose':
        return [
          this.#party(labels.payee, sentence.to),
          this.#plain(labels.inAll, this.#money(sentence.amount)),
          this.#party(labels.payer, sentence.payer),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'keyRebinding':
        return [
          this.#hash(labels.order, sentence.orderId),
          this.#hash(labels.userKey, sentence.userKeyHash),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'anchorLog':
        return [
          this.#hash(labels.log, sentence.logId),
          this.#hash(labels.root, sentence.root),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'agentIssuing':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#hash(labels.issuer, sentence.issuerKey),
          this.#plain(labels.withdrawEvery, this.#number(sentence.withdrawEvery)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'openTill':
        return [this.#hash(labels.device, sentence.deviceId), this.#party(labels.contract, sentence.contract)]
      case 'setTillProduct':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.product, this.#number(sentence.number)),
          this.#plain(labels.price, this.#money(sentence.price)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'removeTillProduct':
        return [
          this.#plain(labels.product, this.#number(sentence.number)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'sweepTill':
        return [this.#party(labels.to, sentence.to), this.#party(labels.contract, sentence.contract)]
      case 'kioskCatalogue':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.catalogueVersion, this.#number(sentence.version)),
          this.#hash(labels.catalogueHash, sentence.contentHash),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'kioskRequest':
        return [
          this.#hash(labels.device, sentence.deviceId),
          this.#plain(labels.slots, this.#number(sentence.slot)),
          this.#plain(labels.until, this.#date(sentence.until)),
          this.#party(labels.contract, sentence.contract),
        ]
      case 'contractCall':
        return [
          this.#party(labels.contract, sentence.contract),
          this.#plain(labels.function, sentence.function),
          ...sentence.arguments.map(argument => this.#argument(argument)),
          this.#plain(labels.amount, this.#money(sentence.amount)),
        ]
      case 'statement':
        return [
          this.#party(labels.contract, sentence.contract),
          ...sentence.fields.map(field => this.#argument(field)),
        ]
      case 'text':
        return [this.#plain(labels.text, sentence.text)]
      case 'unknownCall':
        return [
          this.#party(labels.contract, sentence.to),
          this.#plain(labels.amount, this.#money(sentence.amount)),
          this.#hash(labels.data, sentence.data),
        ]
      case 'unknownStatement':
        return [
          ...(sentence.contract === null ? [] : [this.#address(labels.contract, sentence.contract)]),
          ...sentence.fields.map(field => this.#argument(field)),
        ]
    }
  }

  #approval(sentence: Extract<Sentence, { kind: 'tokenApproval' | 'tokenPermit' }>): readonly Detail[] {
    const { labels } = this.#words.sentenceWords
    return [
      this.#party(labels.spender, sentence.spender),
      this.#plain(labels.amount, this.#amountOf(sentence)),
      this.#party(labels.token, sentence.contract),
    ]
  }

  #amountOf(sentence: Sentence): string {
    if ('isUnlimited' in sentence && sentence.isUnlimited) return this.#words.sentenceWords.unlimited
    const amount = amountIn(sentence)
    return amount === undefined ? '' : this.#money(amount)
  }

  #toOf(sentence: Sentence): string {
    switch (sentence.kind) {
      case 'transfer':
      case 'tokenTransfer':
      case 'unknownCall':
        return this.#contract(sentence.to)
      case 'tokenApproval':
      case 'tokenPermit':
        return this.#contract(sentence.spender)
      case 'handOverDevice':
      case 'handOverGiven':
      case 'handOverAccepted':
        return this.#who(sentence.newOwner)
      case 'setDeviceUser':
        return this.#who(sentence.user)
      case 'payOut':
      case 'sweepTill':
        return this.#contract(sentence.to)
      case 'openChannel':
      case 'topUpChannel':
      case 'leaveChannel':
      case 'emptyChannel':
      case 'claimChannel':
      case 'closeChannel':
      case 'agreeToClose':
        return this.#contract(sentence.to)
      default:
        return ''
    }
  }

  #untilOf(sentence: Sentence): string {
    if (sentence.kind === 'tellTime') return this.#date(sentence.time)
    if ('expires' in sentence) return this.#date(sentence.expires)
    return 'notAfter' in sentence ? this.#date(sentence.notAfter) : ''
  }

  /** What the sentence's own name slot holds: a report, a version, a function, a type. */
  #nameOf(sentence: Sentence): string {
    const words = this.#words.sentenceWords
    const { reports, attests, keyChanges, actions } = words
    switch (sentence.kind) {
      case 'deviceGrant':
        return sentence.actions.map(action => actions[action]).join(', ')
      case 'vendTerms':
        return words.vending[sentence.use](this.#number(sentence.perDay))
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
        return sentence.account === null ? words.ownAccount : this.#who(sentence.account)
      case 'prepaidBack':
        return sentence.to === null ? words.prepaidSteps.ask : words.prepaidSteps.take
      case 'openChannel':
      case 'topUpChannel':
      case 'leaveChannel':
        return this.#formats.duration(Number(sentence.exitDelay))
      case 'emptyChannel':
      case 'claimChannel':
      case 'closeChannel':
      case 'agreeToClose':
        return this.#contract(sentence.payer)
      case 'anchorLog':
        return this.#number(sentence.size)
      case 'agentIssuing':
        return sentence.isOn ? words.boxes.on : words.boxes.off
      case 'setTillProduct':
      case 'removeTillProduct':
        return this.#number(sentence.number)
      case 'kioskCatalogue':
        return words.products(Number(sentence.products))
      case 'kioskRequest':
        return words.kioskActs[sentence.act](this.#number(sentence.slot), this.#number(sentence.stock))
      case 'contractCall':
        return sentence.function
      case 'statement':
      case 'unknownStatement':
        return sentence.type
      default:
        return ''
    }
  }

  #argument({ name, value }: Argument): Detail {
    if (typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value))
      return this.#address(name, value as Address)
    if (typeof value === 'string' && value.startsWith('0x')) return this.#hash(name, value)
    return this.#plain(name, valueText(value))
  }

  readonly #money = (amount: Amount): string => exactAmount(amount, this.#formats.language)
  readonly #plain = (name: string, value: string): Detail => ({ name, form: 'plain', value })
  readonly #hash = (name: string, value: string): Detail => ({ name, form: 'hash', value })

  #hashOrNobody(name: string, value: string): Detail {
    return /^0x0*$/.test(value)
      ? this.#plain(name, this.#words.sentenceWords.nobody)
      : this.#hash(name, value)
  }

  #address(name: string, address: Address): Detail {
    const known = this.#names.ofAddress(address)
    return { name, form: 'address', value: address, ...(known === null ? {} : { note: known }) }
  }

  #party(name: string, { address, name: listed }: Party): Detail {
    const known = listed ?? this.#names.ofAddress(address)
    return { name, form: 'address', value: address, ...(known === null ? {} : { note: known }) }
  }

  #contract({ address, name }: Party): string {
    return name ?? this.#who(address)
  }

  /** A name never stands alone: whoever gives himself a contact's name still has another address. */
  #who(address: Address): string {
    const known = this.#names.ofAddress(address)
    return known === null
      ? shortHash(address)
      : this.#words.sentenceWords.addressOf(known, shortHash(address))
  }

  #device(deviceId: DeviceId): string {
    return this.#names.ofDevice(deviceId) ?? this.#words.sentenceWords.device(shortHash(deviceId))
  }

  #date(seconds: bigint): string {
    // Beyond what dates can hold; such a deadline is as good as none.
    if (seconds > 8_640_000_000_000n) return '∞'
    return this.#formats.dateTime(Number(seconds))
  }

  readonly #number = (value: bigint): string => String(value)
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

function valueText(value: Argument['value']): string {
  if (typeof value === 'object')
    return value.map(({ name, value: inner }) => `${name}: ${valueText(inner)}`).join(', ')
  return String(value)
}
