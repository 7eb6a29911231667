// The view library in one place: `html` templates and hooks.
import { h, render, createContext, Fragment } from '../vendor/preact-11.2.0/preact.mjs';
import {
  useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState,
} from '../vendor/preact-11.2.0/hooks.mjs';
import htm from '../vendor/htm-3.1.1/htm.mjs';

export const html = htm.bind(h);
export {
  render, createContext, Fragment, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState,
};
