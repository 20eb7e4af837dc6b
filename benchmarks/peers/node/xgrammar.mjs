// Judges MaskBench rows with XGrammar (compiled to WebAssembly). The first line in: {"tokens": [text in GPT-2's byte alphabet, "" for control, …], "end": token};
// the first line out says that the vocabulary is loaded. Then a line a row, {"schema": text, "instances": [[token, …], …]}, and for each
// {"first": µs from text to first mask, "masks": [µs, …], "passed": [whether the instance was, …]} or {"error": text, "first": µs until it was refused}.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname} from "node:path";
import {createInterface} from "node:readline";

// What the library prints of its sources is the reason of its next error.
let printed = "";
console.log = console.warn = console.error = (...texts) => printed = texts.find(text => /\.cc:\d+: /.test(text)) ?? printed;
const reply = value => process.stdout.write(JSON.stringify(value) + "\n");

// The package calls itself a module, but its file is a script that wants "require".
const require = createRequire(import.meta.url);
const path = require.resolve("@mlc-ai/web-xgrammar");
const script = new Function("exports", "module", "require", "__filename", "__dirname", readFileSync(path, "utf8"));
let library;

async function createCompiler({tokens, end}) {
    library = {};
    script(library, {exports: library}, require, path, dirname(path));
    const info = await library.TokenizerInfo.createTokenizerInfo(tokens, "byte_level", false, undefined, [end]);

    // No cache: each row is compiled once, and a cache would only keep its memory.
    return await library.GrammarCompiler.createGrammarCompiler(info, false);
}

const microsecondsSince = start => (performance.now() - start) * 1000;
const isLegal = (mask, token) => (mask[token >> 5] >>> (token & 31) & 1) !== 0;

async function follow(grammar, tokens, end, masks) {
    const matcher = await library.GrammarMatcher.createGrammarMatcher(grammar);
    try {
        for (const token of tokens) {
            const start = performance.now();
            const mask = await matcher.getNextTokenBitmask();
            masks.push(microsecondsSince(start));
            if (!isLegal(mask, token) || !matcher.acceptToken(token)) {
                return false;
            }
        }

        return matcher.acceptToken(end);
    } finally {
        matcher.dispose();
    }
}

async function judge(compiler, {schema, instances}, end) {
    const start = performance.now();
    try {
        // Any white space, and not strict: members that a schema does not name are allowed, as JSON Schema says.
        const grammar = await compiler.compileJSONSchema(schema, true, undefined, undefined, false);
        const matcher = await library.GrammarMatcher.createGrammarMatcher(grammar);
        await matcher.getNextTokenBitmask();
        const first = microsecondsSince(start);
        const masks = [];
        const passed = [];
        for (const tokens of instances) {
            passed.push(await follow(grammar, tokens, end, masks));
        }

        matcher.dispose();
        grammar.dispose();
        return {first, masks, passed};
    } catch (error) {
        return {error: printed.replace(/^.*?\.cc:\d+: /, "") || String(error?.message ?? error), first: microsecondsSince(start)};
    }
}

let vocabulary, compiler;
for await (const line of createInterface({input: process.stdin})) {
    const message = JSON.parse(line);
    if (!vocabulary) {
        vocabulary = message;
        compiler = await createCompiler(vocabulary);
        reply({ready: true});
        continue;
    }

    printed = "";
    const answer = await judge(compiler, message, vocabulary.end);
    reply(answer);
    if (answer.error) {
        // An error aborts the module in the midst of its work: what it then holds is not to be trusted.
        compiler = await createCompiler(vocabulary);
    }
}
