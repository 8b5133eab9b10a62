import type { ReactNode } from 'react';
import { useEffect, useMemo, useRef } from 'react';
import { useReducedMotion } from '../parts/useMedia.ts';
import { useScheme } from '../parts/useScheme.ts';
import { usePage } from '../state/react.ts';
import { nowNs } from '../state/run.ts';
import { page } from '../state/store.ts';
import type { Layout } from '../stage/layout.ts';
import { drawLines, flightNear } from './draw.ts';
import { createGeometry, type Geometry } from './geometry.ts';
import { createPainter, paintFrames } from './painter.ts';
import type { Picture } from './picture.ts';
import { drawSprites } from './sprites.ts';
import { frameLog, packets, selectFrame } from './store.ts';
import * as styles from './frame-layer.module.css';

/** How long a streak or a cross stays, seconds of the screen. */
const GLOW_SECONDS = 0.22;

/** Every frame on its cable, where it is now. Under the hosts, over the cables. */
export function FrameLayer({ layout }: { readonly layout: Layout }): ReactNode {
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const scheme = useScheme();
  const still = useReducedMotion();
  const detail = usePage((state) => state.scenario?.detail);
  const look = useMemo(() => lookOf(document.documentElement, scheme), [scheme]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null || detail !== 'packet') return undefined;
    return animate(element, layout, look, still);
  }, [layout, look, still, detail]);
  if (detail !== 'packet') return null;
  return (
    <canvas
      ref={canvas}
      className={styles.layer}
      data-testid="frames"
      style={{ width: layout.width, height: layout.height }}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const picture = pictureOf(layout, look);
        const found = flightNear(picture, event.clientX - box.left, event.clientY - box.top);
        if (found >= 0) selectFrame(frameLog.flights.frame[found]);
      }}
    />
  );
}

interface Look {
  readonly colours: readonly string[];
  readonly paper: string;
  readonly sprites: Picture['sprites'];
}

/** Colours as the style sheet has them, for a canvas knows no variables. */
function lookOf(root: Element, scheme: 'light' | 'dark'): Look {
  const probe = document.createElement('span');
  probe.style.colorScheme = scheme;
  root.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = [...Array.from({ length: 8 }, (_, i) => colour(`server-${i}`)), colour('mute')];
  const paper = colour('paper');
  probe.remove();
  return { colours, paper, sprites: drawSprites(colours, paper, Math.ceil(window.devicePixelRatio || 1)) };
}

let geometry: Geometry | undefined;

/** What there is to draw now. */
function pictureOf(layout: Layout, look: Look): Picture {
  const { byId } = frameLog.plugs;
  if (geometry?.layout !== layout || geometry.byId !== byId) geometry = createGeometry(layout, byId);
  const { speed } = page.getState();
  const pace = typeof speed === 'number' ? speed : speed === 'max' ? 1000 : 1e-4;
  return {
    flights: frameLog.flights,
    geometry,
    sprites: look.sprites,
    colours: look.colours,
    nowNs: nowNs(),
    glowNs: pace * GLOW_SECONDS * 1e9,
    selected: packets.getState().selected ?? -1,
  };
}

/** Draws with the screen until it is told to stop; nothing is drawn twice that has not changed. */
function animate(element: HTMLCanvasElement, layout: Layout, look: Look, still: boolean): () => void {
  const scale = Math.ceil(window.devicePixelRatio || 1);
  element.width = layout.width * scale;
  element.height = layout.height * scale;
  const surface = element.getContext('2d');
  if (surface === null || element.width === 0) return () => undefined;
  const image = surface.createImageData(element.width, element.height);
  const { width, height } = image;
  const painter = createPainter(image.data.buffer, width, height, look.sprites, frameLog.flights.capacity);
  let drawn = '';
  let request = requestAnimationFrame(turn);
  function turn(): void {
    request = requestAnimationFrame(turn);
    if (surface === null) return;
    const picture = pictureOf(layout, look);
    const key = `${picture.nowNs} ${frameLog.version} ${picture.selected} ${picture.glowNs}`;
    if (key === drawn) return;
    // who asked for less motion sees where frames stand when time does
    if (still && page.getState().playing) return;
    drawn = key;
    const painted = paintFrames(painter, picture);
    surface.setTransform(1, 0, 0, 1, 0, 0);
    surface.putImageData(image, 0, 0);
    surface.setTransform(scale, 0, 0, scale, 0, 0);
    drawLines(surface, picture, painted);
  }
  return () => cancelAnimationFrame(request);
}
