// One live picture: fragmented MP4 from a WebSocket into a <video> by MediaSource.
//
// States told to `onState({state, ...})`: connecting, playing, stalled, ended, refused, unsupported, closed.
import { liveAddress } from './api.js';
import { noteLive, noteStall } from './measures.js';

const KEEP_S = 20;
const AT_EDGE_S = 0.2;
const CATCH_UP_FROM_S = 0.6;
const CATCH_UP_UNTIL_S = 0.3;
const JUMP_FROM_S = 3;
const CATCH_UP_RATE = 1.08;
const STALLED_AFTER_MS = 3500;
const WATCH_EVERY_MS = 500;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const REFUSED_CODES = [4401, 4403, 4404];
const NOT_PLAYABLE = ['h265', 'codec', 'unsupported'];

export class LivePlayer {
  constructor(video, { path, cameraId, role = 'sub', onState, onMessage = () => {} }) {
    Object.assign(this, { video, path, cameraId, role, onState, onMessage });
    this.wanted = false;
    this.attempt = 0;
    this.onVisibility = () => (document.hidden ? this.#close() : this.#open());
    this.onLeaving = () => this.#close();
  }

  /** `askedAt` is the performance.now() of the click that this picture answers. */
  start(askedAt = performance.now()) {
    this.wanted = true;
    this.askedAt = askedAt;
    document.addEventListener('visibilitychange', this.onVisibility);
    window.addEventListener('pagehide', this.onLeaving);
    if (!document.hidden) this.#open();
  }

  stop() {
    this.wanted = false;
    document.removeEventListener('visibilitychange', this.onVisibility);
    window.removeEventListener('pagehide', this.onLeaving);
    this.#close();
  }

  #tell(state, more = {}) {
    if (state === this.state && state === 'playing') return;
    if (state === 'stalled' && this.state !== 'stalled') noteStall();
    this.state = state;
    this.onState({ state, ...more });
  }

  #open() {
    if (!this.wanted || this.socket) return;
    clearTimeout(this.retry);
    this.marks = { camera_id: this.cameraId, role: this.role, asked_at_ms: this.askedAt };
    this.queue = [];
    this.firstFrame = false;
    this.lastDataAt = performance.now();
    this.#tell('connecting');
    const socket = new WebSocket(liveAddress(this.path));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => { this.marks.socket_ms = performance.now() - this.askedAt; };
    socket.onmessage = ({ data }) => (typeof data === 'string' ? this.#control(data) : this.#media(data));
    socket.onclose = (event) => { if (this.socket === socket) this.#closed(event); };
    this.socket = socket;
    this.watch = setInterval(() => this.#watchOver(), WATCH_EVERY_MS);
  }

  #close() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.retry);
    clearInterval(this.watch);
    if (socket) socket.close();
    this.#release();
    this.#tell('closed');
  }

  #release() {
    this.buffer = null;
    this.queue = [];
    if (this.url) {
      const { url } = this;
      this.url = null;
      this.video.removeAttribute('src');
      this.video.load();
      URL.revokeObjectURL(url);
    }
  }

  #closed(event) {
    this.socket = null;
    clearInterval(this.watch);
    this.#release();
    if (!this.wanted) return;
    if (REFUSED_CODES.includes(event.code)) {
      this.#tell('refused', { message: this.refusal ?? { message: event.reason } });
      return;
    }
    if (this.final) return;
    if (this.state !== 'refused') this.#tell('ended', { message: this.ending ?? { message: event.reason } });
    const wait = RETRY_MS[Math.min(this.attempt, RETRY_MS.length - 1)];
    this.attempt += 1;
    this.retry = setTimeout(() => {
      this.askedAt = performance.now();
      this.#open();
    }, wait);
  }

  #control(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    this.onMessage(message);
    if (message.kind === 'init') this.#init(message);
    else if (message.kind === 'stalled') this.#tell('stalled', { message });
    else if (message.kind === 'resumed' && this.firstFrame) this.#tell('playing');
    else if (message.kind === 'ended') this.ending = message;
    else if (message.kind === 'refused') this.#refused(message);
  }

  #refused(message) {
    this.refusal = message;
    if (!NOT_PLAYABLE.includes(message.because)) {
      this.#tell('refused', { message });
      return;
    }
    this.final = true;
    this.#tell('unsupported', { message });
    this.socket?.close();
  }

  #init({ codec, width, height }) {
    const type = `video/mp4; codecs="${codec}"`;
    this.marks.init_ms = performance.now() - this.askedAt;
    this.marks.size = `${width}×${height}`;
    if (!window.MediaSource || !MediaSource.isTypeSupported(type)) {
      this.final = true;
      this.#tell('unsupported', { message: { codec } });
      this.socket?.close();
      return;
    }
    if (this.buffer) {
      this.queue.push({ type });
      this.#append();
      return;
    }
    const source = new MediaSource();
    this.url = URL.createObjectURL(source);
    source.addEventListener('sourceopen', () => {
      if (source.readyState !== 'open' || this.buffer) return;
      this.buffer = source.addSourceBuffer(type);
      this.buffer.mode = 'segments';
      this.buffer.addEventListener('updateend', () => this.#appended());
      this.#append();
    }, { once: true });
    this.video.src = this.url;
    this.video.play().catch(() => { /* told by the missing first frame */ });
    this.#awaitFirstFrame();
  }

  #awaitFirstFrame() {
    const video = this.video;
    const url = this.url;
    const first = () => {
      if (this.url !== url || this.firstFrame) return;
      this.firstFrame = true;
      this.attempt = 0;
      this.marks.first_frame_ms = performance.now() - this.askedAt;
      noteLive(this.marks);
      this.#tell('playing');
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(first);
    else video.addEventListener('playing', first, { once: true });
  }

  #media(data) {
    this.lastDataAt = performance.now();
    this.queue.push(data);
    this.#append();
  }

  #append() {
    const buffer = this.buffer;
    if (!buffer || buffer.updating || this.queue.length === 0) return;
    const next = this.queue.shift();
    try {
      if (next.type) {
        buffer.changeType(next.type);
        this.#append();
      } else {
        buffer.appendBuffer(next);
      }
    } catch (problem) {
      if (problem.name === 'QuotaExceededError') {
        this.queue.unshift(next);
        this.#trim(KEEP_S / 4);
      } else {
        this.socket?.close();
      }
    }
  }

  #appended() {
    const { video, buffer } = this;
    if (!buffer) return;
    const ranges = buffer.buffered;
    if (ranges.length) {
      const start = ranges.start(ranges.length - 1);
      const end = ranges.end(ranges.length - 1);
      if (!this.firstFrame && video.currentTime < start) video.currentTime = Math.max(start, end - AT_EDGE_S);
    }
    this.#append();
  }

  #trim(keep_s) {
    const { video, buffer } = this;
    if (!buffer || buffer.updating || !buffer.buffered.length) return;
    const until = video.currentTime - keep_s;
    if (until > buffer.buffered.start(0) + 1) buffer.remove(buffer.buffered.start(0), until);
  }

  #watchOver() {
    const { video, buffer } = this;
    const silent = performance.now() - this.lastDataAt > STALLED_AFTER_MS;
    if (silent && this.firstFrame) this.#tell('stalled', { message: {} });
    if (!buffer || !buffer.buffered.length) return;
    const last = buffer.buffered.length - 1;
    const start = buffer.buffered.start(last);
    const end = buffer.buffered.end(last);
    const behind = end - video.currentTime;
    if (video.currentTime < start || behind > JUMP_FROM_S || behind < 0) {
      video.currentTime = Math.max(start, end - AT_EDGE_S);
      video.playbackRate = 1;
    } else if (behind > CATCH_UP_FROM_S) {
      video.playbackRate = CATCH_UP_RATE;
    } else if (behind < CATCH_UP_UNTIL_S) {
      video.playbackRate = 1;
    }
    if (video.paused) video.play().catch(() => { /* asked again at the next look */ });
    if (!silent && this.firstFrame && this.state === 'stalled') this.#tell('playing');
    this.#trim(KEEP_S);
  }
}
