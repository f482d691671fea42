// MCUboot's image version, `struct image_version` of bootutil/image.h: 8.8.16.32 bits.

export interface ImageVersion {
  readonly major: number
  readonly minor: number
  readonly revision: number
  readonly build: number
}

/** Negative, zero or positive, comparing major, minor, revision, build in this order. */
export function compareVersions(a: ImageVersion, b: ImageVersion): number {
  return a.major - b.major || a.minor - b.minor || a.revision - b.revision || a.build - b.build
}

/** `1.2.3`, or `1.2.3+4` where the build number is not zero, as imgtool and Zephyr's img_mgmt print it with dots. */
export function formatVersion(v: ImageVersion): string {
  return `${v.major}.${v.minor}.${v.revision}${v.build === 0 ? '' : `+${v.build}`}`
}

/** Parses `1.2.3`, `1.2.3+4` and img_mgmt's `1.2.3.4`; undefined for anything else or for parts out of range. */
export function parseVersion(text: string): ImageVersion | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,5}))?(?:[.+](\d{1,10}))?$/.exec(text)
  if (!match) return undefined
  const [major = 0, minor = 0, revision = 0, build = 0] = match.slice(1).map(part => Number(part ?? 0))
  if (major > 0xff || minor > 0xff || revision > 0xffff || build > 0xffffffff) return undefined
  return { major, minor, revision, build }
}

/** major:8 | minor:8 | revision:16 | build:32, most significant first: keeps the order of `compareVersions`. */
export function packVersion(v: ImageVersion): bigint {
  return (BigInt(v.major) << 56n) | (BigInt(v.minor) << 48n) | (BigInt(v.revision) << 32n) | BigInt(v.build)
}

export function unpackVersion(packed: bigint): ImageVersion {
  return {
    major: Number((packed >> 56n) & 0xffn),
    minor: Number((packed >> 48n) & 0xffn),
    revision: Number((packed >> 32n) & 0xffffn),
    build: Number(packed & 0xffffffffn),
  }
}
