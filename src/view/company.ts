import { Group } from 'three';
import type { Frame } from '../core/frame';
import type { CameraControl } from './camera';
import type { People, Person } from './people';

/** Everybody's marks, whose code comes with the first company: most views are of one person. */
export class Company {
  readonly object = new Group();
  private people: People | null = null;
  private loading = false;
  private disposed = false;
  private extent = 1;
  private list: readonly Person[] = [];
  private pixelRatio = 1;

  /** @param extent of the model, m */
  setExtent(extent: number): void {
    this.extent = extent;
    this.people?.setExtent(extent);
  }

  /** As `People.setPeople`. */
  setPeople(list: readonly Person[], pixelRatio: number): void {
    this.list = list;
    this.pixelRatio = pixelRatio;
    this.people?.setPeople(list, pixelRatio);
    if (list.length > 0 && this.people === null && !this.loading) void this.load();
  }

  /** As `People.update`. */
  update(frame: Frame, camera: CameraControl, nowMs: number): boolean {
    return this.people?.update(frame, camera, nowMs) ?? false;
  }

  dispose(): void {
    this.disposed = true;
    this.people?.dispose();
  }

  private async load(): Promise<void> {
    this.loading = true;
    try {
      const module = await import('./people');
      if (this.disposed) return;
      this.people = new module.People();
      this.people.setExtent(this.extent);
      this.people.setPeople(this.list, this.pixelRatio);
      this.object.add(this.people.object);
    } catch {
      // A lost network costs the marks until the next change among the people brings another try.
    } finally {
      this.loading = false;
    }
  }
}
