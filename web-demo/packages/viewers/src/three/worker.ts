/** The geometry worker for pages built by a bundler, which resolves "web-ifc". */
import { IfcAPI } from "web-ifc";
import { serve } from "./worker-main.js";

serve(() => Promise.resolve(new IfcAPI()));
