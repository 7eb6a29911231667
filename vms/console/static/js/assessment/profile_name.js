// What a profile of the assessment is called: the shipped one by its word, others by their own name.
import { t } from '../i18n.js';

export const profileName = (profile) => (profile.ships ? t('assessment.shipped_profile') : profile.name);
