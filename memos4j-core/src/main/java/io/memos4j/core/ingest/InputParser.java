package io.memos4j.core.ingest;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemTimes;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.items.TrustLevel;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.core.MemOsConfig.Limits;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.ingest.document.DocumentChunk;
import io.memos4j.core.ingest.document.DocumentReader;
import io.memos4j.core.ingest.document.DocumentText;
import io.memos4j.core.ingest.document.GraphemeBoundaries;
import io.memos4j.core.language.AttributeStatement;
import io.memos4j.core.language.MemoryCommand;
import io.memos4j.core.language.StandingStatement;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.items.StoredItem.Claim;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Parses inputs into items, one for each message, note and chunk of a document. Rejects unusable inputs and repairs
 * others. Thread-safe.
 */
public final class InputParser {
    /** The text stored for a message that its speaker asked not to keep. */
    static final String WITHHELD = "[not kept at the speaker's request]";

    /** A message without words: only placeholders of images, recordings and files, as the facades write them. */
    private static final Pattern PLACEHOLDERS = Pattern.compile(
            "(?i)\\s*(?:\\[(?:image|input_image|image_url|audio|input_audio|video|video_url|file|attachment|document)"
                    + "(?:_url)?(?::[^\\]]*)?]\\s*)+");

    private final Limits limits;
    private final MonotonicClock clock;
    private final IdGenerator ids;
    private final TrustPolicy trust;
    private final SplitInjectionDetector splits;
    private final DocumentReader documents = new DocumentReader();

    /** @param trust attributes what is parsed to the caller, and screens it */
    public InputParser(Limits limits, MonotonicClock clock, IdGenerator ids, TrustPolicy trust) {
        this.limits = limits;
        this.trust = trust;
        this.splits = new SplitInjectionDetector(trust);
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Parses a whole request.
     *
     * @throws MemoryException naming the input by its position, if one is unusable
     */
    public ParsedBatch parse(CubeId cube, AddRequest request) {
        if (request.inputs().size() > limits.batchInputs()) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "The batch has " + request.inputs().size() + " inputs, at most " + limits.batchInputs()
                            + " are taken at once. Split it.");
        }
        Batch batch = new Batch(cube, request.zone(), clock.present());
        for (MemoryInput input : request.inputs()) {
            batch.read(input);
        }
        return batch.reading();
    }

    /** Creates the next version of an item, with its text checked and split; the vault keeps its fingerprint. */
    public StoredItem revise(MemoryItem item, String cause) {
        MemoryItem checked = checked(item);
        return new StoredItem(checked, PassageSplitter.split(checked.text()), "", claim(checked), cause);
    }

    /**
     * Stamps items as recorded now: inside the transaction that stores them, so that they are recorded in the order of
     * storing.
     */
    public List<StoredItem> stampRecorded(List<StoredItem> read) {
        Instant now = clock.instant();
        return read.stream()
                .map(stored -> stored.with(stored.item().recordedAt(now), stored.cause()))
                .toList();
    }

    /** Creates an item that is derived from others, checked and split. */
    public StoredItem deriveItem(MemoryItem item, String cause) {
        MemoryItem checked = checked(item);
        String text = checked.text();
        String fingerprint = ContentFingerprint.of("derived", item.type().id(), text);
        return new StoredItem(checked, PassageSplitter.split(text), fingerprint, Optional.empty(), cause);
    }

    /** Checks and repairs the text, the title and the tags of an item. */
    private MemoryItem checked(MemoryItem item) {
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version(),
                item.type(),
                item.state(),
                text(item.text(), "The text"),
                InputBounds.name(item.title(), "The title"),
                item.origin(),
                item.times(),
                InputBounds.names(item.tags(), "A tag"),
                item.metadata(),
                item.standing(),
                item.authorship(),
                item.label());
    }

    /**
     * Reads the standing statements of a message of the owner again, which follow its text; other items make none
     * beside their own.
     */
    public static MemoryItem withStanding(MemoryItem item) {
        boolean said = item.type() == ItemType.MESSAGE
                && item.origin().role() == Role.USER
                && item.trust() == TrustLevel.OWNER;
        return item.withStanding(said ? StandingStatement.typesIn(item.text()) : Set.of());
    }

    /**
     * Extracts the claim of an item. Only user messages and notes have one: assistants and documents do not tell the
     * user's state.
     */
    private static Optional<Claim> claim(MemoryItem item) {
        return parseStatement(item)
                .filter(statement -> !statement.ended() && item.trust() != TrustLevel.SUSPECTED)
                .map(statement ->
                        new Claim(ContentFingerprint.of(statement.key()), ContentFingerprint.of(statement.value())));
    }

    /** Returns whether a message tells nothing by itself: a system prompt, or only placeholders. */
    public static boolean tellsNothing(MemoryItem item) {
        return item.type() == ItemType.MESSAGE
                && (item.origin().role() == Role.SYSTEM
                        || PLACEHOLDERS.matcher(item.text()).matches());
    }

    /** Parses the statement that an item makes, if it is one and the user's. */
    public static Optional<AttributeStatement> parseStatement(MemoryItem item) {
        ItemOrigin origin = item.origin();
        return switch (item.type()) {
            case MESSAGE ->
                origin.role() == Role.USER ? AttributeStatement.parseOwn(item.text(), speaker(item)) : Optional.empty();
            case NOTE, FACT, PREFERENCE, INSTRUCTION, PROFILE, TOOL ->
                AttributeStatement.parseOwn(item.text(), speaker(item));
            case DOCUMENT, EVENT, SUMMARY, SKILL -> Optional.empty();
        };
    }

    /** The name of the one who says "I"; another principal never speaks for the owner. */
    private static String speaker(MemoryItem item) {
        String name = item.type() == ItemType.MESSAGE ? item.origin().speaker() : "";
        String said = name.isEmpty() ? Role.USER.id() : name;
        return item.authorship().isOwner() ? said : item.authorship().principal() + "/" + said;
    }

    private String text(String text, String what) {
        if (text.length() > limits.textChars()) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    what + " has " + text.length() + " characters, at most " + limits.textChars()
                            + " are taken. Split it, or add it as a document.");
        }
        return StorableText.requireReadable(text, what);
    }

    /** The parsing of one request. */
    private final class Batch {
        private final CubeId cube;
        private final Optional<ZoneId> zone;
        private final Instant now;
        private final List<ParsedInput> drafts = new ArrayList<>();
        private final Set<String> documentNames = new HashSet<>();
        private final List<Warning> warnings = new ArrayList<>();
        private int position;
        private Optional<String> offTheRecord = Optional.empty();

        Batch(CubeId cube, Optional<ZoneId> zone, Instant now) {
            this.cube = cube;
            this.zone = zone;
            this.now = now;
        }

        ParsedBatch reading() {
            List<ParsedInput> screened = splits.quarantine(drafts);
            screened.stream()
                    .filter(draft -> draft.item().item().authorship().isSuspected())
                    .forEach(draft -> warnings.add(new Warning(
                            "quarantined",
                            "Input " + draft.input() + " seems to instruct a model ("
                                    + draft.item().item().authorship().suspicion()
                                    + "). It is kept, but not recalled until the owner of the cube releases it.")));
            return new ParsedBatch(screened, documentNames, warnings);
        }

        void read(MemoryInput input) {
            switch (input) {
                case Message message -> readMessage(message);
                case Note note -> readNote(note);
                case Document document -> readDocument(document);
            }
            position++;
        }

        private String what(String kind) {
            return kind + " " + position;
        }

        private void readMessage(Message message) {
            String said = checked(message.text(), what("Message"));
            MemoryCommand command = message.role() == Role.USER ? MemoryCommand.parse(said) : MemoryCommand.NONE;
            if (message.role() == Role.ASSISTANT && offTheRecord.equals(Optional.of(message.session()))) {
                // An answer to what is not to be kept is likely to repeat it.
                command = new MemoryCommand(MemoryCommand.Kind.OFF_THE_RECORD, "");
            }
            boolean withheld = command.kind() == MemoryCommand.Kind.OFF_THE_RECORD;
            offTheRecord = withheld ? Optional.of(message.session()) : Optional.empty();
            String text = withheld ? WITHHELD : said;
            if (withheld) {
                warnings.add(new Warning(
                        "withheld",
                        what("Message")
                                + " asks not to be kept, or answers one that does; its text was not stored. Add it as"
                                + " a note to keep it."));
            }
            ItemOrigin origin = new ItemOrigin(
                    InputBounds.name(message.session(), what("The session of message")),
                    message.role(),
                    InputBounds.name(message.speaker(), what("The speaker of message")),
                    List.of());
            Content content = new Content(
                    ItemType.MESSAGE, text, "", origin, Set.of(), message.metadata(), message.sensitivity());
            draft(
                    content,
                    command,
                    new Said(message.time(), message.zone()),
                    origin.role().id(),
                    origin.speaker());
        }

        private void readNote(Note note) {
            String text = checked(note.text(), what("Note"));
            ItemOrigin origin = new ItemOrigin(
                    InputBounds.name(note.session(), what("The session of note")), Role.NONE, "", note.sources());
            String title = InputBounds.name(note.title(), what("The title of note"));
            Content content = new Content(
                    note.type(),
                    text,
                    title,
                    origin,
                    InputBounds.names(note.tags(), what("A tag of note")),
                    note.metadata(),
                    note.sensitivity());
            draft(
                    content,
                    MemoryCommand.NONE,
                    new Said(note.time(), note.zone()),
                    note.type().id(),
                    title);
        }

        private void readDocument(Document document) {
            if (document.content().length > limits.documentBytes()) {
                throw new MemoryException(
                        ErrorCode.TOO_LARGE,
                        "Document '" + document.name() + "' has " + document.content().length + " bytes, at most "
                                + limits.documentBytes() + " are taken. Split it.");
            }
            String name = InputBounds.name(
                    StorableText.requireReadable(document.name(), what("The name of document")),
                    what("The name of document"));
            DocumentText read = documents.read(document);
            documentNames.add(name);
            for (DocumentChunk chunk : read.chunks()) {
                SourceReference source =
                        new SourceReference(SourceReference.Kind.DOCUMENT, name, chunk.start(), chunk.end());
                String text = read.textOf(chunk);
                String title = chunk.title().isEmpty() ? name : name + " > " + chunk.title();
                Content content = new Content(
                        ItemType.DOCUMENT,
                        StorableText.repair(text),
                        GraphemeBoundaries.prefix(title, InputBounds.MAX_NAME),
                        new ItemOrigin("", Role.NONE, "", List.of(source)),
                        InputBounds.names(document.tags(), what("A tag of document")),
                        document.metadata(),
                        document.sensitivity());
                // Always dated, so that a chunk is recognized anywhere, not only at the end of a session.
                draft(
                        content,
                        MemoryCommand.NONE,
                        new Said(Optional.of(document.time().orElse(now)), Optional.empty()),
                        name,
                        Integer.toString(chunk.start()));
            }
        }

        private String checked(String text, String what) {
            String clean = text(text, what);
            if (!clean.equals(text)) {
                warnings.add(new Warning(
                        "text_repaired",
                        what + " held unpaired surrogates or control characters; they were replaced by U+FFFD."));
            }
            return clean;
        }

        /** Parses one item. Virtual threads are not preempted, so each leaves the processor to those who wait. */
        @SuppressWarnings("ThreadPriorityCheck")
        private void draft(Content content, MemoryCommand command, Said said, String... identity) {
            Thread.yield();
            Instant occurred = InputBounds.time(said.time.orElse(now), what("Input"));
            MemoryItem parsed = new MemoryItem(
                    cube,
                    ids.nextItemId(),
                    1,
                    content.type,
                    ItemState.ACTIVATED,
                    content.text,
                    content.title,
                    content.origin,
                    ItemTimes.recorded(occurred, now).in(said.zone.or(() -> zone)),
                    content.tags,
                    content.metadata);
            MemoryItem read = withStanding(tellsNothing(parsed) ? trust.attribute(parsed) : trust.admit(parsed));
            MemoryItem item = SensitivityLabeler.label(read, content.sensitivity);
            boolean document = content.type == ItemType.DOCUMENT;
            String when = said.time.isEmpty() || document ? "" : Long.toString(occurred.toEpochMilli());
            String by = String.join("\n", identity);
            String fingerprint = ContentFingerprint.of(
                    content.type.id(),
                    content.origin.session(),
                    item.authorship().isOwner()
                            ? by
                            : by + "\n" + item.authorship().principal(),
                    when,
                    content.text);
            drafts.add(new ParsedInput(
                    position,
                    new StoredItem(item, PassageSplitter.split(content.text), fingerprint, claim(item), "add"),
                    said.time.isPresent(),
                    item.authorship().isSuspected() ? MemoryCommand.NONE : command));
            if (tellsNothing(item)) {
                warnings.add(new Warning(
                        "not_recalled",
                        what("Message")
                                + (content.origin.role() == Role.SYSTEM
                                        ? " is a system prompt"
                                        : " has no words, only the placeholder of an image, a recording or a file")
                                + ": it is kept, but archived, and no search returns it. Add what it tells as a note,"
                                + " or reinstate it."));
            }
        }
    }

    /** When and in which zone an input says that it was said. */
    private record Said(Optional<Instant> time, Optional<ZoneId> zone) {}

    /** The content of an input, without its times. */
    private record Content(
            ItemType type,
            String text,
            String title,
            ItemOrigin origin,
            Set<String> tags,
            Map<String, Object> metadata,
            Sensitivity sensitivity) {}
}
