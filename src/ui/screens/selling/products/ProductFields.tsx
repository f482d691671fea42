// One product, field by field; closed it is one line.
import { Image, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Address } from '../../../../core/bytes.ts'
import type { VendUnit } from '../../../../core/vending/machine.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Segments, TextField } from '../../../components/Field.tsx'
import { readAmount } from '../../../i18n/amounts.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useSellingMessages } from '../../../i18n/useSellingMessages.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { mediaTypeOf } from '../../../mediaType.ts'
import { FormPart } from '../../market/FormPart.tsx'
import { SharesEditor } from '../../market/shares/SharesEditor.tsx'
import { useUnits } from '../../wallet/activity/units.ts'
import { amountFaultText } from '../../wallet/send/faultText.ts'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { wholeNumber } from '../numbers.ts'
import { SellFailure } from '../SellFailure.tsx'
import { useSeller } from '../sellerContext.ts'
import type { ProductForm } from './productDraft.ts'

export function ProductFields({
  product,
  rest,
  restName,
  unit,
  onChange,
}: {
  product: ProductForm
  /** Who gets what is left of the price. */
  rest: Address
  restName: string
  /** What its slot gives, as the kiosk has reported. */
  unit: VendUnit
  /** null: remove it. */
  onChange: (changed: ProductForm | null) => void
}) {
  const { editor: words } = useSellingMessages()
  const wallet = useWalletMessages()
  const { language } = useFormats()
  const change = (changed: Partial<ProductForm>) => onChange({ ...product, ...changed })
  const units = useUnits()
  const money = units.amount(product.token, 0n)
  const price = readAmount(product.price, money.decimals)
  const name = product.name[language] || product.name.en || words.unnamed
  const fault = (text: string, most: number, least?: number) =>
    text !== '' && wholeNumber(text, most, least) === null ? words.faults.number : null
  return (
    <section className="card" aria-label={name}>
      <Disclosure title={product.price === '' ? name : `${name} · ${product.price} ${money.symbol}`}>
        <div className="stack">
          {(['en', 'zh'] as const).map(each => (
            <TextField
              key={each}
              label={each === 'en' ? words.nameEn : words.nameZh}
              {...(each === 'zh' ? { hint: words.zhHint } : {})}
              value={product.name[each]}
              onChange={typed => change({ name: { ...product.name, [each]: typed } })}
            />
          ))}
          {(['en', 'zh'] as const).map(each => (
            <TextField
              key={each}
              label={each === 'en' ? words.noteEn : words.noteZh}
              value={product.note[each]}
              onChange={typed => change({ note: { ...product.note, [each]: typed } })}
            />
          ))}
          {units.all.length > 1 && (
            <Segments
              legend={words.money}
              options={units.all.map(({ token, symbol }) => ({ value: token ?? 'coin', label: symbol }))}
              value={product.token ?? 'coin'}
              onChange={chosen => change({ token: chosen === 'coin' ? null : (chosen as Address) })}
            />
          )}
          {product.token !== null && <p className="row-note">{words.tokenNote}</p>}
          <TextField
            label={words.price(money.symbol)}
            {...(unit === 'product' ? {} : { hint: words.perUnit[unit] })}
            value={product.price}
            onChange={typed => change({ price: typed })}
            error={
              price.ok || price.error.kind === 'amountEmpty' ? null : amountFaultText(price.error, wallet)
            }
          />
          <div className="from-to">
            <TextField
              label={words.slot}
              value={product.slot}
              onChange={slot => change({ slot })}
              error={fault(product.slot, 255, 0)}
            />
            <TextField
              label={words.most}
              value={product.maxQuantity}
              onChange={maxQuantity => change({ maxQuantity })}
              error={fault(product.maxQuantity, 65_535)}
            />
          </div>
          <PictureField cid={product.picture} onChange={picture => change({ picture })} />
          <FormPart title={words.shares}>
            <SharesEditor
              price={{ ...money, value: price.ok ? price.value : 0n }}
              rest={rest}
              restName={restName}
              drafts={product.shares}
              onChange={shares => change({ shares })}
            />
          </FormPart>
          <Button look="danger-quiet" icon={Trash2} onClick={() => onChange(null)}>
            {words.remove}
          </Button>
        </div>
      </Disclosure>
    </section>
  )
}

function PictureField({ cid, onChange }: { cid: string | null; onChange: (cid: string) => void }) {
  const { editor: words } = useSellingMessages()
  const seller = useSeller()
  const input = useRef<HTMLInputElement>(null)
  const [shown, setShown] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  useEffect(() => {
    if (shown === null) return
    return () => URL.revokeObjectURL(shown)
  }, [shown])
  const take = async (file: File) => {
    setFailure(null)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const type = mediaTypeOf(bytes)
    if (type === null) return setFailure({ kind: 'notAPicture' })
    setBusy(true)
    const added = await seller.addPicture(bytes)
    setBusy(false)
    if (!added.ok) return setFailure(added.error)
    setShown(URL.createObjectURL(new Blob([bytes], { type })))
    onChange(added.value.cid)
  }
  return (
    <FormPart title={words.picture}>
      {shown !== null && <img className="product-picture" src={shown} alt="" />}
      {cid !== null && (
        <p className="row-note">
          <code>{shortHash(cid)}</code>
        </p>
      )}
      <p className="row-note">{words.pictureNote}</p>
      <Button icon={Image} busy={isBusy} onClick={() => input.current?.click()}>
        {cid === null ? words.pictureChoose : words.pictureOther}
      </Button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={event => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file !== undefined) void take(file)
        }}
      />
      {failure !== null && <SellFailure failure={failure} />}
    </FormPart>
  )
}
