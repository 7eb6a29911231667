// The map's two palettes: a control room at night, a desk by day.
export const STATE_COLOURS = {
  dark: {
    up: { fill: '#2fb9a6', ink: '#06231f', edge: '#071018' },
    suspect: { fill: '#f2b84b', ink: '#2b1a00', edge: '#071018' },
    down: { fill: '#ff6240', ink: '#2a0700', edge: '#071018' },
    unknown: { fill: '#8e9aa6', ink: '#11171d', edge: '#071018' },
  },
  light: {
    up: { fill: '#0e8a7c', ink: '#ffffff', edge: '#ffffff' },
    suspect: { fill: '#e39a1a', ink: '#2b1a00', edge: '#ffffff' },
    down: { fill: '#d63c1e', ink: '#ffffff', edge: '#ffffff' },
    unknown: { fill: '#6f7b87', ink: '#ffffff', edge: '#ffffff' },
  },
};

export const GAP_COLOURS = {
  none_built: '#b3261e', blocked: '#7b4fb0', too_coarse: '#b7791f', faulty: '#d63c1e', no_consent: '#2f6fb5',
};

export const GROUND = {
  dark: {
    background: '#0c141c', water: '#10293c', green: '#10211c', waterEdge: '#16364e', waterName: '#6fa3c4', casing: '#0f1922', building: '#16222e', buildingEdge: '#22313f', road: '#28394a', roadBig: '#35495c', path: '#1d2a36', rail: '#2c3946',
    label: '#9fb2c4', halo: '#0c141c', place: '#7f93a6', cluster: '#24384a', clusterEdge: '#5d7a94', clusterInk: '#e8f0f7', clusterDown: '#ff8a70',
  },
  light: {
    background: '#f3f1ec', water: '#c3dcea', green: '#dbe8cf', waterEdge: '#a9cbdd', waterName: '#2f6585', casing: '#d8d3c7', building: '#e3dfd6', buildingEdge: '#cbc5b8', road: '#ffffff', roadBig: '#ffffff', path: '#eae6dd', rail: '#c9c3b6',
    label: '#4a5560', halo: '#ffffff', place: '#5a6672', cluster: '#ffffff', clusterEdge: '#56697b', clusterInk: '#1b242c', clusterDown: '#c8361a',
  },
};
