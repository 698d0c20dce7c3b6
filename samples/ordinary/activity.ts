// What an ordinary activity is: somebody, and the calls they make, each with how often it comes.
import type { Who } from '../cast.ts';
import type { Random } from '../random.ts';
import type { Happening, Place } from '../record.ts';

/** What a call's builders may look at. */
export interface Scene {
  place: Place;
  at: number;
  random: Random;
}

type Build = (scene: Scene) => unknown;

export interface Call extends Pick<Happening, 'readOnly' | 'type' | 'category' | 'version'> {
  source: string;
  name: string;
  weight: number;
  request?: Build;
  response?: Build;
  resources?: (scene: Scene) => unknown[];
  additional?: Build;
  serviceDetails?: Build;
}

export interface Activity {
  who: Who;
  weight: number;
  /** Most calls made one after the other. */
  burst: number;
  calls: readonly Call[];
}
