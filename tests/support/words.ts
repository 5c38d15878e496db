/** Loaded before the tests (bunfig.toml): errors say what they say in English, as at the start of a process that shows them. */
import { setLanguage, speakErrors } from "../../src/i18n/index.ts";

setLanguage("en");
speakErrors("asked");
