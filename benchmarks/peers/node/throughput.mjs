// Answers prompts at once with node-llama-cpp. A line of JSON in: {"prompts": [[token, …], …], "maxTokens": n, "repeats": n};
// a line out: {"tokens": n, "seconds": s}. The first line out says that the model is loaded.
import {createInterface} from "node:readline";
import {getLlama} from "node-llama-cpp";

const [modelPath, sequences, contextSize, threads] = process.argv.slice(2);
const llama = await getLlama({gpu: false, build: "never", logLevel: "error", maxThreads: Number(threads)});
const model = await llama.loadModel({modelPath});
const context = await model.createContext({
    sequences: Number(sequences), contextSize: Math.floor(Number(contextSize) / Number(sequences)), batchSize: 512, threads: Number(threads)
});
const slots = Array.from({length: Number(sequences)}, () => context.getSequence());

async function answer(slot, prompt, maxTokens) {
    await slot.clearHistory();
    let count = 0;
    for await (const token of slot.evaluate(prompt, {temperature: 0})) {
        if (model.isEogToken(token) || ++count === maxTokens) {
            break;
        }
    }

    return count;
}

console.log(JSON.stringify({ready: true}));
for await (const line of createInterface({input: process.stdin})) {
    const {prompts, maxTokens, repeats} = JSON.parse(line);
    const start = performance.now();
    let tokens = 0;
    for (let i = 0; i < repeats; i++) {
        const counts = await Promise.all(prompts.map((prompt, index) => answer(slots[index], prompt, maxTokens)));
        tokens += counts.reduce((sum, count) => sum + count, 0);
    }

    console.log(JSON.stringify({tokens, seconds: (performance.now() - start) / 1000}));
}

process.exit(0);
