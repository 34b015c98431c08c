package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * The functions of {@code llama.h} in use, with one method handle each, bound when the library is loaded.
 *
 * <p>This class checks nothing: only {@link LlamaEngine} calls it, with checked values. A library stays loaded for the
 * life of the process, once per path.
 */
@SuppressWarnings("restricted")
final class LlamaBindings {
    private static final Map<Path, LlamaBindings> LOADED = new ConcurrentHashMap<>();

    private final Path file;
    private final SymbolLookup symbols;
    final LlamaLog log = new LlamaLog();
    final int build;
    final ModelFunctions models;
    final ContextFunctions contexts;
    final VocabularyFunctions words;
    final SamplerFunctions samplers;
    final LoraFunctions loras;

    /** Loads and verifies the library of a file. */
    static LlamaBindings load(Path file) {
        return LOADED.computeIfAbsent(file.toAbsolutePath().normalize(), LlamaBindings::new);
    }

    private LlamaBindings(Path file) {
        this.file = file;
        this.symbols = open(file);
        verify();
        this.build = symbols.find("LLAMA_BUILD_NUMBER")
                .map(number -> number.reinterpret(Integer.BYTES).get(JAVA_INT, 0))
                .orElse(LlamaAbi.BUILD);
        this.models = new ModelFunctions(this);
        this.contexts = new ContextFunctions(this);
        this.words = new VocabularyFunctions(this);
        this.samplers = new SamplerFunctions(this);
        this.loras = new LoraFunctions(this);
        call(() -> {
            procedure("llama_log_set", ADDRESS, ADDRESS).invokeExact(log.callback(), MemorySegment.NULL);
            procedure("llama_backend_init").invokeExact();
            return true;
        });
    }

    private static SymbolLookup open(Path file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED,
                    "Cannot load " + file + ": " + e.getMessage() + ". It needs the OpenMP and C++ runtimes"
                            + " (Debian, Ubuntu: libgomp1 libstdc++6), and a path to a library for this machine.",
                    e);
        }
    }

    private void verify() {
        try (Arena arena = Arena.ofConfined()) {
            LlamaAbi.verify(
                    defaults("llama_model_default_params", arena), defaults("llama_context_default_params", arena));
        }
    }

    private MemorySegment defaults(String name, Arena arena) {
        MethodHandle function = function(name, LlamaAbi.ROOM);
        SegmentAllocator marked =
                (size, alignment) -> arena.allocate(size, alignment).fill(LlamaAbi.MARK);
        return call(() -> (MemorySegment) function.invokeExact(marked));
    }

    /** Allocates model parameters with the library's defaults. */
    MemorySegment modelDefaults(Arena arena) {
        return defaults("llama_model_default_params", arena).asSlice(0, LlamaAbi.MODEL);
    }

    /** Allocates context parameters with the library's defaults. */
    MemorySegment contextDefaults(Arena arena) {
        return defaults("llama_context_default_params", arena).asSlice(0, LlamaAbi.CONTEXT);
    }

    private MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(result, arguments));
    }

    private MethodHandle procedure(String name, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.ofVoid(arguments));
    }

    private MethodHandle bind(String name, FunctionDescriptor type) {
        MemorySegment symbol = symbols.find(name)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.RUNTIME_FAILED,
                        "The library " + file + " has no " + name + "; it is not a libllama of build " + LlamaAbi.BUILD
                                + ". Use the library that comes with memos4j, or one of that build."));
        return Linker.nativeLinker().downcallHandle(symbol, type);
    }

    /** A call of a method handle. */
    @FunctionalInterface
    interface Call<T> {
        @SuppressWarnings("checkstyle:IllegalThrows")
        T run() throws Throwable;
    }

    /** Runs a native call; the exceptions that method handles declare cannot happen. */
    static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("Native calls throw nothing checked.", e);
        }
    }

    /** Model files. */
    static final class ModelFunctions {
        final MethodHandle load;
        final MethodHandle free;
        final MethodHandle vocabulary;
        final MethodHandle hasEncoder;
        final MethodHandle isRecurrent;
        final MethodHandle template;

        private ModelFunctions(LlamaBindings llama) {
            load = llama.function("llama_model_load_from_file", ADDRESS, ADDRESS, LlamaAbi.MODEL);
            free = llama.procedure("llama_model_free", ADDRESS);
            vocabulary = llama.function("llama_model_get_vocab", ADDRESS, ADDRESS);
            hasEncoder = llama.function("llama_model_has_encoder", JAVA_BOOLEAN, ADDRESS);
            isRecurrent = llama.function("llama_model_is_recurrent", JAVA_BOOLEAN, ADDRESS);
            template = llama.function("llama_model_chat_template", ADDRESS, ADDRESS, ADDRESS);
        }
    }

    /** Contexts: computing, sequences of the cache, their states. */
    static final class ContextFunctions {
        final MethodHandle init;
        final MethodHandle free;
        final MethodHandle size;
        final MethodHandle decode;
        final MethodHandle logits;
        final MethodHandle sequenceRemove;
        final MethodHandle sequenceCopy;
        final MethodHandle usedCells;
        final MethodHandle defragment;
        final MethodHandle update;
        final MethodHandle stateSize;
        final MethodHandle stateGet;
        final MethodHandle stateSet;
        final MethodHandle wholeSize;
        final MethodHandle wholeGet;
        final MethodHandle wholeSet;

        private ContextFunctions(LlamaBindings llama) {
            init = llama.function("llama_init_from_model", ADDRESS, ADDRESS, LlamaAbi.CONTEXT);
            free = llama.procedure("llama_free", ADDRESS);
            size = llama.function("llama_n_ctx", JAVA_INT, ADDRESS);
            decode = llama.function("llama_decode", JAVA_INT, ADDRESS, LlamaAbi.BATCH);
            logits = llama.function("llama_get_logits_ith", ADDRESS, ADDRESS, JAVA_INT);
            sequenceRemove =
                    llama.function("llama_kv_self_seq_rm", JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
            sequenceCopy = llama.procedure("llama_kv_self_seq_cp", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
            usedCells = llama.function("llama_kv_self_used_cells", JAVA_INT, ADDRESS);
            defragment = llama.procedure("llama_kv_self_defrag", ADDRESS);
            update = llama.procedure("llama_kv_self_update", ADDRESS);
            stateSize = llama.function("llama_state_seq_get_size", JAVA_LONG, ADDRESS, JAVA_INT);
            stateGet = llama.function("llama_state_seq_get_data", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
            stateSet = llama.function("llama_state_seq_set_data", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
            wholeSize = llama.function("llama_state_get_size", JAVA_LONG, ADDRESS);
            wholeGet = llama.function("llama_state_get_data", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
            wholeSet = llama.function("llama_state_set_data", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
        }
    }

    /** Vocabularies and templates. */
    static final class VocabularyFunctions {
        final MethodHandle size;
        final MethodHandle start;
        final MethodHandle addsStart;
        final MethodHandle ends;
        final MethodHandle isControl;
        final MethodHandle tokenize;
        final MethodHandle detokenize;
        final MethodHandle piece;
        final MethodHandle applyTemplate;

        private VocabularyFunctions(LlamaBindings llama) {
            size = llama.function("llama_vocab_n_tokens", JAVA_INT, ADDRESS);
            start = llama.function("llama_vocab_bos", JAVA_INT, ADDRESS);
            addsStart = llama.function("llama_vocab_get_add_bos", JAVA_BOOLEAN, ADDRESS);
            ends = llama.function("llama_vocab_is_eog", JAVA_BOOLEAN, ADDRESS, JAVA_INT);
            isControl = llama.function("llama_vocab_is_control", JAVA_BOOLEAN, ADDRESS, JAVA_INT);
            tokenize = llama.function(
                    "llama_tokenize",
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_BOOLEAN,
                    JAVA_BOOLEAN);
            detokenize = llama.function(
                    "llama_detokenize",
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_BOOLEAN,
                    JAVA_BOOLEAN);
            piece = llama.function(
                    "llama_token_to_piece", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_BOOLEAN);
            applyTemplate = llama.function(
                    "llama_chat_apply_template",
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    JAVA_LONG,
                    JAVA_BOOLEAN,
                    ADDRESS,
                    JAVA_INT);
        }
    }

    /** Chains that sample tokens. */
    static final class SamplerFunctions {
        final MethodHandle chain;
        final MethodHandle add;
        final MethodHandle free;
        final MethodHandle greedy;
        final MethodHandle topK;
        final MethodHandle topP;
        final MethodHandle temperature;
        final MethodHandle distribution;
        final MethodHandle sample;

        private SamplerFunctions(LlamaBindings llama) {
            chain = llama.function("llama_sampler_chain_init", ADDRESS, LlamaAbi.SAMPLER_CHAIN);
            add = llama.procedure("llama_sampler_chain_add", ADDRESS, ADDRESS);
            free = llama.procedure("llama_sampler_free", ADDRESS);
            greedy = llama.function("llama_sampler_init_greedy", ADDRESS);
            topK = llama.function("llama_sampler_init_top_k", ADDRESS, JAVA_INT);
            topP = llama.function("llama_sampler_init_top_p", ADDRESS, JAVA_FLOAT, JAVA_LONG);
            temperature = llama.function("llama_sampler_init_temp", ADDRESS, JAVA_FLOAT);
            distribution = llama.function("llama_sampler_init_dist", ADDRESS, JAVA_INT);
            sample = llama.function("llama_sampler_sample", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
        }
    }

    /** LoRA adapters. */
    static final class LoraFunctions {
        final MethodHandle load;
        final MethodHandle free;
        final MethodHandle set;
        final MethodHandle clear;

        private LoraFunctions(LlamaBindings llama) {
            load = llama.function("llama_adapter_lora_init", ADDRESS, ADDRESS, ADDRESS);
            free = llama.procedure("llama_adapter_lora_free", ADDRESS);
            set = llama.function("llama_set_adapter_lora", JAVA_INT, ADDRESS, ADDRESS, JAVA_FLOAT);
            clear = llama.procedure("llama_clear_adapter_lora", ADDRESS);
        }
    }
}
