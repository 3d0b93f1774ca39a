import Eye from '@lucide/svelte/icons/eye';
import Glasses from '@lucide/svelte/icons/glasses';
import MonitorOff from '@lucide/svelte/icons/monitor-off';
import ScanFace from '@lucide/svelte/icons/scan-face';
import Smile from '@lucide/svelte/icons/face-slightly-smiling';
import Sun from '@lucide/svelte/icons/sun';
import Timer from '@lucide/svelte/icons/timer';
import type { SelfieFailure } from '../../lib/bindings';
import { speech } from '../../lib/speech.svelte';
import type { Advice } from '../capture/TryAgain.svelte';

/** What helps after a try that failed, most helpful first. */
export function adviceFor(reason: SelfieFailure): Advice[] {
  const { advice } = speech.text.selfie.failed;
  const [light, uncovered] = [
    { icon: Sun, words: advice.light },
    { icon: Glasses, words: advice.uncovered },
  ];
  switch (reason) {
    case 'timedOut':
      return [light, uncovered, { icon: ScanFace, words: advice.still }];
    case 'missed':
      return [{ icon: Eye, words: advice.read }, { icon: Smile, words: advice.clearly }, { icon: Timer, words: advice.rest }];
    case 'notConvincing':
      return [{ icon: MonitorOff, words: advice.inPerson }, light, uncovered];
  }
}
