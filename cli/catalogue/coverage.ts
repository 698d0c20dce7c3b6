// What of ATT&CK detections cover: as rows of a table, and as a layer for its Navigator.
import { type Detection, TACTICS, techniqueOf } from '../../events/detect/index.ts';
import { MADE_BY } from './detectionpage.ts';

/** Detections of one technique under one tactic; without a technique, those that name the tactic alone. */
export interface CoverageRow {
  tactic: string;
  technique: string | undefined;
  detections: Detection[];
}

const techniquesOf = ({ tags }: Detection): string[] => [...new Set(tags.flatMap((tag) => techniqueOf(tag) ?? []))].sort();

/** Tactics in the order of the matrix, then techniques. A detection of several tactics stands under each of them. */
export function coverageOf(detections: readonly Detection[]): CoverageRow[] {
  return TACTICS.flatMap(({ tag, name }) => {
    const of = detections.filter(({ tags }) => tags.includes(tag));
    const techniques = [...new Set(of.flatMap(techniquesOf))].sort();
    const alone = of.filter((detection) => techniquesOf(detection).length === 0);
    return [
      ...techniques.map((technique) => ({
        tactic: name,
        technique,
        detections: of.filter((each) => techniquesOf(each).includes(technique)),
      })),
      ...(alone.length === 0 ? [] : [{ tactic: name, technique: undefined, detections: alone }]),
    ];
  });
}

/**
 * A layer: each technique's score is the number of its detections.
 * @see https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md (read 2026-11-28)
 */
export function navigatorLayer(detections: readonly Detection[], name: string): object {
  const techniques = [...new Set(detections.flatMap(techniquesOf))].sort().map((technique) => {
    const of = detections.filter((detection) => techniquesOf(detection).includes(technique));
    return {
      techniqueID: technique,
      score: of.length,
      comment: of.map(({ id }) => id).join(', '),
      enabled: true,
      metadata: of.map(({ id, severity, off }) => ({ name: id, value: `${severity}, ${off === undefined ? 'on' : 'off'}` })),
      showSubtechniques: of.length > 0,
    };
  });
  return {
    name,
    versions: { navigator: '4.9.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: `Techniques that detections name, ${MADE_BY}`,
    sorting: 3,
    layout: { layout: 'side', showName: true, showID: true, expandedSubtechniques: 'annotated' },
    hideDisabled: false,
    techniques,
    gradient: { colors: ['#cfe8f3', '#0a4c6a'], minValue: 0, maxValue: Math.max(1, ...techniques.map(({ score }) => score)) },
    legendItems: [],
  };
}
