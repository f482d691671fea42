// What the demo vending machine sells: eight products in its first slots, whose price three parties share.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseUnits } from 'viem'
import type { Address } from '../../src/core/bytes.ts'
import type { CatalogueProduct, KioskText } from '../../src/core/kiosk/catalogue.ts'
import { projectRoot } from '../home.ts'

interface DemoProduct {
  readonly picture: string
  readonly slot: number
  readonly name: KioskText
  readonly note: KioskText
  /** In coins, or in the network’s first token. */
  readonly price: string
  readonly isInDollars?: boolean
}

/** Drinks are in the cold half, slots 0 to 11. */
const products: readonly DemoProduct[] = [
  {
    picture: 'water',
    slot: 0,
    name: { en: 'Spring water', zh: '矿泉水' },
    note: { en: 'Still, 0.5 l', zh: '无气，500 毫升' },
    price: '0.0004',
  },
  {
    picture: 'cola',
    slot: 1,
    name: { en: 'Cola', zh: '可乐' },
    note: { en: 'Ice cold, 0.33 l', zh: '冰镇，330 毫升' },
    price: '0.0006',
  },
  {
    picture: 'orange',
    slot: 2,
    name: { en: 'Orange juice', zh: '橙汁' },
    note: { en: 'Pressed, 0.25 l', zh: '鲜榨，250 毫升' },
    price: '0.0008',
  },
  {
    picture: 'coffee',
    slot: 3,
    name: { en: 'Iced coffee', zh: '冰咖啡' },
    note: { en: 'With milk, 0.25 l', zh: '加奶，250 毫升' },
    price: '0.0009',
  },
  {
    picture: 'crisps',
    slot: 12,
    name: { en: 'Crisps', zh: '薯片' },
    note: { en: 'Sea salt, 50 g', zh: '海盐味，50 克' },
    price: '0.0005',
  },
  {
    picture: 'chocolate',
    slot: 13,
    name: { en: 'Chocolate bar', zh: '巧克力棒' },
    note: { en: 'Dark, 45 g', zh: '黑巧克力，45 克' },
    price: '0.0005',
  },
  {
    picture: 'nuts',
    slot: 14,
    name: { en: 'Mixed nuts', zh: '混合坚果' },
    note: { en: 'Roasted, 60 g', zh: '烘烤，60 克' },
    price: '0.0007',
  },
  {
    picture: 'apple',
    slot: 15,
    name: { en: 'Apple', zh: '苹果' },
    note: { en: 'Washed and crisp', zh: '洗净，爽脆' },
    price: '1.2',
    isInDollars: true,
  },
]

/** Of the price, per thousand: whoever fills the machine, whoever owns the lobby, and the owner the rest. */
const supplier: Address = `0x${'51'.repeat(20)}`
const landlord: Address = `0x${'1a'.repeat(20)}`
const parts = { supplier: 600n, landlord: 100n }

export function demoProducts(
  addPicture: (bytes: Uint8Array) => Promise<string>,
  owner: Address,
  dollar: { readonly address: Address; readonly decimals: number } | undefined,
): Promise<readonly CatalogueProduct[]> {
  const sold = products.filter(({ isInDollars }) => !isInDollars || dollar !== undefined)
  return Promise.all(
    sold.map(async ({ picture, slot, name, note, price, isInDollars = false }, number) => {
      const token = isInDollars ? dollar : undefined
      const value = parseUnits(price, token?.decimals ?? 18)
      const toSupplier = (value * parts.supplier) / 1000n
      const toLandlord = (value * parts.landlord) / 1000n
      return {
        ...{ number, slot, name, note, price: value },
        picture: await addPicture(readFileSync(join(projectRoot, 'node/local/pictures', `${picture}.svg`))),
        token: token?.address ?? null,
        maxQuantity: 2,
        fulfilWithin: 1800,
        legalHash: `0x${'00'.repeat(32)}` as const,
        shares: [
          { payee: supplier, amount: toSupplier },
          { payee: landlord, amount: toLandlord },
          { payee: owner, amount: value - toSupplier - toLandlord },
        ],
      }
    }),
  )
}
