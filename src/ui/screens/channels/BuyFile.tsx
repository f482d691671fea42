// Nobody gives the file away: who sells it, what it costs at most, and paying for it, after the person has seen all of that.
import '../../styles/money.css'
import '../../styles/wallet.css'
import { Smartphone } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Quote, WantedFile } from '../../../app/channels/channels.ts'
import { type Funds, fundsFor } from '../../../app/channels/funds.ts'
import type { Address } from '../../../core/bytes.ts'
import { Button, LinkButton } from '../../components/Button.tsx'
import { Check, Segments } from '../../components/Field.tsx'
import { Notice } from '../../components/Notice.tsx'
import { exactAmount } from '../../i18n/amounts.ts'
import { shortHash } from '../../i18n/formats.ts'
import { labelled } from '../../i18n/punctuation.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { useWallet, WalletProvider } from '../../walletContext.tsx'
import { useNames } from '../wallet/signing/useNames.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { ChannelFailure } from './ChannelFailure.tsx'
import { useChannels } from './useChannels.ts'
import { useProposing } from './useProposing.tsx'

/** Milliseconds from one look for sellers to the next, while there is none. */
const LOOK_AGAIN_MS = 8_000

/** `onGoOn`: the person has agreed, and what is put aside is there. */
export function BuyFile({ file, onGoOn }: { file: WantedFile; onGoOn: () => void }) {
  return (
    <WalletProvider>
      <Buy file={file} onGoOn={onGoOn} />
    </WalletProvider>
  )
}

function Buy({ file, onGoOn }: { file: WantedFile; onGoOn: () => void }) {
  const { buy: words } = useChannelsMessages()
  const channels = useChannels()
  const trouble = useReadable(channels.trouble)
  const [attempt, setAttempt] = useState(0)
  const [quotes, setQuotes] = useState<readonly Quote[] | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const { cid, size } = file
  const peers = file.peers.join(' ')
  useEffect(() => {
    const looking = new AbortController()
    let again: ReturnType<typeof setTimeout> | undefined
    const wanted = { cid, size, peers: peers === '' ? [] : peers.split(' ') }
    channels.quotes(wanted, looking.signal).then(found => {
      if (looking.signal.aborted) return
      setFailure(found.ok ? null : found.error)
      setQuotes(found.ok ? found.value : [])
      // Phones come and go: whoever waits here need not ask again and again.
      if (found.ok && found.value.length === 0)
        again = setTimeout(() => setAttempt(attempt + 1), LOOK_AGAIN_MS)
    })
    return () => {
      looking.abort()
      clearTimeout(again)
    }
  }, [channels, cid, size, peers, attempt])
  const lookAgain = () => {
    setQuotes(null)
    setAttempt(attempt + 1)
  }

  const nearby = (
    <LinkButton icon={Smartphone} wide href={paths.handOver}>
      {words.nearby}
    </LinkButton>
  )
  if (!channels.isThere) return nearby
  return (
    <section className="card stack" aria-label={words.title}>
      <div className="stack tight">
        <h2 className="card-title">{words.title}</h2>
        <p className="row-note">{words.freeNone}</p>
      </div>
      {trouble?.cid === cid && (
        <ChannelFailure
          failure={{ kind: trouble.kind, ...(trouble.detail === null ? {} : { detail: trouble.detail }) }}
        />
      )}
      {failure !== null && <ChannelFailure failure={failure} />}
      {quotes === null ? (
        <p className="row-note" role="status">
          {words.looking}
        </p>
      ) : quotes.length === 0 ? (
        <>
          <p className="row-note" role="status">
            {words.nobody}
          </p>
          <Button onClick={lookAgain}>{words.again}</Button>
        </>
      ) : (
        <Sellers quotes={quotes} onGoOn={onGoOn} onChanged={lookAgain} />
      )}
      {nearby}
    </section>
  )
}

/** Of many sellers: the cheapest. */
const SHOWN = 4

function Sellers({
  quotes,
  onGoOn,
  onChanged,
}: {
  quotes: readonly Quote[]
  onGoOn: () => void
  onChanged: () => void
}) {
  const { buy: words } = useChannelsMessages()
  const { language, number } = useFormats()
  const names = useNames()
  const owner = useReadable(useWallet().owner)
  const [wanted, setWanted] = useState<readonly Address[]>(
    quotes.filter(each => each.agreed !== null).map(({ payee }) => payee),
  )
  const [first] = quotes
  if (first === undefined) return null
  const picked = quotes.filter(({ payee }) => wanted.includes(payee))
  const chosen = picked.length > 0 ? picked : [first]
  const dearest = dearestOf(chosen)
  const money = (amount: Quote['atMost']) => exactAmount(amount, language)
  // One stays: nobody is no choice.
  const choose = (payee: Address, isChosen: boolean) => {
    const others = chosen.map(each => each.payee).filter(each => each !== payee)
    if (isChosen) setWanted([...others, payee])
    else if (others.length > 0) setWanted(others)
  }
  return (
    <>
      <p className="prose" role="status">
        {words.sellers(number(quotes.length), money(first.atMost))}
      </p>
      <p className="row-note">
        {words.perMiB(money({ ...dearest.atMost, value: 16n * dearest.pricePerUnit }))}
      </p>
      {quotes.length > 1 && (
        <fieldset className="field">
          <legend className="hidden-text">{words.choose}</legend>
          <span className="label" aria-hidden="true">
            {words.choose}
          </span>
          {quotes.slice(0, SHOWN).map(each => (
            <Check
              key={each.payee}
              checked={chosen.includes(each)}
              onChange={isChosen => choose(each.payee, isChosen)}
            >
              {labelled(
                names.ofAddress(each.payee) ?? shortHash(each.payee),
                words.atMost(money(each.atMost)),
                language,
              )}
            </Check>
          ))}
          <p className="row-note">{words.severalHint}</p>
        </fieldset>
      )}
      {owner === null ? (
        <>
          <p className="row-note">{words.needsWallet}</p>
          <LinkButton href={paths.wallet}>{words.toWallet}</LinkButton>
        </>
      ) : (
        <Pay
          key={chosen.map(each => each.payee).join()}
          quotes={chosen}
          onGoOn={onGoOn}
          onChanged={onChanged}
        />
      )}
    </>
  )
}

/** It decides what the file can cost at most: the others may leave before anything was bought of them. */
const dearestOf = (quotes: readonly Quote[]): Quote => {
  const [first, ...others] = quotes
  if (first === undefined) throw new RangeError('nobody was chosen')
  return others.reduce((most, each) => (each.atMost.value > most.atMost.value ? each : most), first)
}

function Pay({
  quotes,
  onGoOn,
  onChanged,
}: {
  quotes: readonly Quote[]
  onGoOn: () => void
  onChanged: () => void
}) {
  const { buy: words } = useChannelsMessages()
  const { number } = useFormats()
  const names = useNames()
  const { channels } = useReadable(useChannels().view)
  const tooDear = quotes.find(each => each.tooDear !== null && each.agreed === null)?.tooDear ?? null
  if (tooDear !== null) {
    return (
      <Notice
        tone="attention"
        title={words.tooDear[tooDear]}
        actions={<LinkButton href={paths.channels}>{words.changeLimits}</LinkButton>}
      />
    )
  }
  const purses = quotes.map(quote => ({ quote, funds: fundsFor(channels, quote.payee) }))
  const isEnough = ({ quote, funds }: (typeof purses)[number]) =>
    funds.kind === 'open' && funds.left >= quote.atMost.value
  const index = purses.findIndex(each => !isEnough(each))
  const lacking = purses[index]
  if (lacking === undefined) {
    const left = purses.reduce((sum, { funds }) => sum + (funds.kind === 'open' ? funds.left : 0n), 0n)
    return <Agree quotes={quotes} left={left} onGoOn={onGoOn} onChanged={onChanged} />
  }
  const { payee } = lacking.quote
  return (
    <>
      {quotes.length > 1 && (
        <p className="row-note">
          {words.nextSeller(
            names.ofAddress(payee) ?? shortHash(payee),
            number(index + 1),
            number(quotes.length),
          )}
        </p>
      )}
      <PutAside key={payee} quote={lacking.quote} funds={lacking.funds} />
    </>
  )
}

/** Nothing is paid by this: the money is put aside for that seller, and comes back where it is not used. */
function PutAside({ quote, funds }: { quote: Quote; funds: Funds }) {
  const { buy: words } = useChannelsMessages()
  const { language, duration } = useFormats()
  const channels = useChannels()
  const [times, setTimes] = useState<'1' | '10'>('1')
  const { isBusy, propose, view } = useProposing()
  const { atMost } = quote
  const inAll = atMost.value * BigInt(times)
  const money = (value: bigint) => exactAmount({ ...atMost, value }, language)
  const isOpening = funds.kind === 'opening'
  const put = () =>
    funds.kind === 'open'
      ? propose(() => channels.proposeTopUp(funds.channel.channelId, inAll - funds.left))
      : propose(
          () => channels.proposeOpen(quote, inAll),
          (proposal, speed) => channels.confirmOpen(proposal, speed),
        )
  return (
    <>
      {funds.kind === 'open' && <p className="row-note">{words.tooLittle(money(funds.left))}</p>}
      {isOpening ? (
        <p className="row-note" role="status">
          {words.waiting}
        </p>
      ) : (
        <>
          <Segments
            legend={words.setAside}
            value={times}
            onChange={setTimes}
            options={[
              { value: '1', label: labelled(words.once, money(atMost.value), language) },
              { value: '10', label: labelled(words.tenTimes, money(10n * atMost.value), language) },
            ]}
          />
          <p className="row-note">{words.setAsideHint(duration(quote.minExitDelay))}</p>
          <Button look="primary" wide busy={isBusy} onClick={put}>
            {words.putAside}
          </Button>
        </>
      )}
      {view}
    </>
  )
}

function Agree({
  quotes,
  left,
  onGoOn,
  onChanged,
}: {
  quotes: readonly Quote[]
  left: bigint
  onGoOn: () => void
  onChanged: () => void
}) {
  const { buy: words } = useChannelsMessages()
  const { language } = useFormats()
  const channels = useChannels()
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const { atMost, file } = dearestOf(quotes)
  const agreed = quotes.every(each => each.agreed !== null) ? (quotes[0]?.agreed ?? null) : null
  const money = (value: bigint) => exactAmount({ ...atMost, value }, language)
  const agree = async () => {
    const outcome = await channels.agree(quotes)
    if (outcome.ok) onGoOn()
    else setFailure(outcome.error)
  }
  const takeBack = async () => {
    await channels.withdrawAgreement(file.cid)
    onChanged()
  }
  return (
    <>
      <p className="row-note">
        {quotes.length > 1 ? words.enoughForAll(money(left)) : words.enough(money(left))}
      </p>
      {failure !== null && <ChannelFailure failure={failure} />}
      {agreed === null ? (
        <>
          <p className="row-note">{words.agreeHint}</p>
          <Button look="primary" wide onClick={() => void agree()}>
            {words.agree(money(atMost.value))}
          </Button>
        </>
      ) : (
        <>
          <p className="row-note">{words.agreed(money(agreed.value))}</p>
          <Button look="primary" wide onClick={onGoOn}>
            {words.goOn}
          </Button>
          <Button look="quiet" wide onClick={() => void takeBack()}>
            {words.takeBack}
          </Button>
        </>
      )}
    </>
  )
}
