// The kinds of fault that a list may be narrowed to, and the tiers, in the order people know.
export const KINDS = ['unreachable', 'no_answer', 'login_refused', 'clock_off', 'stream_dead', 'no_picture', 'too_dark', 'too_bright', 'blur',
  'frozen', 'low_contrast', 'signal_lost', 'color_cast', 'mono', 'noise', 'snow', 'stripe', 'jitter', 'occlusion', 'scene_change',
  'mosaic', 'osd_missing', 'osd_wrong', 'recording_missing', 'retention_short', 'retention_long', 'recording_unplayable', 'ptz_fail', 'flapping'];
export const TIERS = ['government', 'unit', 'community', 'household'];
export const SEVERITIES = ['critical', 'major', 'minor'];
export const LAYERS = ['network', 'control', 'stream', 'picture', 'recording'];
