// Sends a large file and tells how much of it has gone; `fetch` would not tell.
import { address, ApiError } from '../api.js';

function problemIn(text) {
  try { return JSON.parse(text).error ?? {}; } catch { return {}; }
}

/** The server's answer. `told(share)`: 0 to 1, while it goes. */
export function sendFile(path, file, query, told) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open('POST', address(path, query));
    asked.setRequestHeader('Accept', 'application/json');
    asked.setRequestHeader('Content-Type', 'application/octet-stream');
    asked.upload.onprogress = ({ loaded, total }) => told(total ? loaded / total : 0);
    asked.onerror = () => reject(new ApiError(0, { code: 'unreachable' }));
    asked.onload = () => {
      if (asked.status >= 200 && asked.status < 300) resolve(JSON.parse(asked.responseText));
      else reject(new ApiError(asked.status, problemIn(asked.responseText)));
    };
    asked.send(file);
  });
}
