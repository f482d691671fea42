// The owner's box over HTTP (docs/agent.md): catalogue, signed orders and the kiosk's reports. Nothing of it is believed here.
import { base64pad } from 'multiformats/bases/base64'
import * as v from 'valibot'
import type { KioskBox } from '../../app/ports/kiosk.ts'
import { readSignedCatalogue } from '../../core/kiosk/catalogue.ts'
import { readOwnerRequest } from '../../core/kiosk/ownerRequest.ts'
import { MAX_REQUESTS, readReport } from '../../core/kiosk/report.ts'
import { fail, ok } from '../../core/result.ts'
import { callWith } from '../services/signerServices.ts'

const catalogueAnswer = v.object({ catalogue: v.unknown() })
const ordersAnswer = v.object({
  orders: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1024))), v.maxLength(64)),
})
const requestsAnswer = v.object({ requests: v.pipe(v.array(v.unknown()), v.maxLength(MAX_REQUESTS)) })
const reportsAnswer = v.object({ reports: v.pipe(v.array(v.unknown()), v.maxLength(16)) })

const askAnswer = v.object({ answer: v.pipe(v.string(), v.maxLength(4096)) })

export function createKioskBox(fetchIt: typeof fetch): KioskBox {
  const call = callWith(fetchIt)
  return {
    async catalogue(url, deviceId) {
      const answer = await call(url, `/kiosk/${deviceId}/catalogue`, catalogueAnswer)
      if (!answer.ok) return answer
      const { catalogue } = answer.value
      if (catalogue === null || catalogue === undefined) return ok(null)
      return readSignedCatalogue(catalogue)
    },
    async publish(url, catalogue) {
      const answer = await call(url, `/kiosk/${catalogue.deviceId}/catalogue`, v.object({}), catalogue)
      return answer.ok ? ok(null) : answer
    },
    async putPicture(url, deviceId, cid, bytes) {
      const body = { cid, base64: base64pad.baseEncode(bytes) }
      const answer = await call(url, `/kiosk/${deviceId}/picture`, v.object({}), body)
      return answer.ok ? ok(null) : answer
    },
    async signedOrders(url, deviceId) {
      const answer = await call(url, `/kiosk/${deviceId}/orders`, ordersAnswer)
      return answer.ok ? ok(answer.value.orders) : answer
    },
    async handIn(url, deviceId, code) {
      const answer = await call(url, `/kiosk/${deviceId}/orders`, v.object({}), { code })
      return answer.ok ? ok(null) : answer
    },
    async ask(url, deviceId, code) {
      const answer = await call(url, `/kiosk/${deviceId}/ask`, askAnswer, { code })
      if (answer.ok) return ok(answer.value.answer)
      return answer.error.kind === 'serviceRefused' ? ok(null) : answer
    },
    async requests(url, deviceId) {
      const answer = await call(url, `/kiosk/${deviceId}/requests`, requestsAnswer)
      if (!answer.ok) return answer
      const requests = answer.value.requests.map(readOwnerRequest)
      return ok(requests.flatMap(each => (each.ok ? [each.value] : [])))
    },
    async request(url, request) {
      const answer = await call(url, `/kiosk/${request.deviceId}/requests`, v.object({}), request)
      return answer.ok ? ok(null) : answer
    },
    async report(url, report) {
      const answer = await call(url, `/kiosk/${report.deviceId}/report`, v.object({}), report)
      return answer.ok ? ok(null) : answer
    },
    async reportsOf(url, deviceId) {
      const answer = await call(url, `/kiosk/${deviceId}/report`, reportsAnswer)
      if (!answer.ok) return answer
      const reports = answer.value.reports.flatMap(each => readReport(each) ?? [])
      return reports.length === answer.value.reports.length
        ? ok(reports)
        : fail({ kind: 'serviceUnreachable', detail: 'malformed report' })
    },
  }
}
