// Starts the page where check.js left a place for it; where BigInt is missing this program ends at its first line.
import "./older.js";
import { start } from "./app.js";

const root = document.getElementById("ballot");
if (root) start(root);
