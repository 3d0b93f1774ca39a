import type { FlowView } from '../../lib/bindings';
import { speech } from '../../lib/speech.svelte';

interface Words {
  title: string;
  lead: string;
  kioskTitle: string;
  kioskLead: string;
  fieldBegin: string;
}

/** What the start says for what a visit captures. */
export function wordsFor(flow: FlowView): Words {
  const { title, lead, kiosk, field, flows } = speech.text.start;
  if (flow === 'ktpScan') return { title, lead, kioskTitle: kiosk.title, kioskLead: kiosk.lead, fieldBegin: field.begin };
  return flows[flow];
}
