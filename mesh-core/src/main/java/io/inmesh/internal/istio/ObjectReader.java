package io.inmesh.internal.istio;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.internal.text.ForeignFieldNames;
import io.inmesh.internal.text.JsonTrees;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageReader;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.internal.text.Tree;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import io.inmesh.internal.text.YamlDocuments;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rule objects of one text or tree, with as many documents and lists as it has. For one use. */
public final class ObjectReader {
    /** API group of the kinds that are read. */
    public static final String GROUP = "networking.istio.io";

    private static final Set<String> VERSIONS = Set.of("v1", "v1beta1", "v1alpha3");
    private static final String DRY_RUN = "istio.io/dry-run";

    /** Words of Envoy's and of the Gateway API's configuration whose meaning has another word in Istio's. */
    private static final ForeignFieldNames OTHER_WORDS = new ForeignFieldNames(
            "Istio",
            Map.ofEntries(
                    Map.entry("numRetries", "attempts"),
                    Map.entry("retryPolicy", "retries"),
                    Map.entry("maxRequests", "http2MaxRequests"),
                    Map.entry("maxPendingRequests", "http1MaxPendingRequests"),
                    Map.entry("consecutive5xx", "consecutive5xxErrors"),
                    Map.entry("consecutiveGatewayFailure", "consecutiveGatewayErrors"),
                    Map.entry("backendRefs", "route"),
                    Map.entry("matches", "match"),
                    Map.entry("hostnames", "hosts"),
                    Map.entry("parentRefs", "gateways"),
                    Map.entry("path", "uri"),
                    Map.entry("serviceName", "host")));

    private final String source;
    private final boolean found;
    private final UnsupportedFields unsupported;
    private final String defaultNamespace;
    private final ProblemList problems = new ProblemList();
    private final List<ConfigObject> objects = new ArrayList<>();

    /**
     * Makes a reader that has read nothing yet.
     *
     * @param source name for origins and problems
     * @param found whether nobody named the source itself: documents that are no Kubernetes objects are then noted only
     * @param defaultNamespace of objects that name none
     */
    public ObjectReader(String source, boolean found, UnsupportedFields unsupported, String defaultNamespace) {
        this.source = source;
        this.found = found;
        this.unsupported = unsupported;
        this.defaultNamespace = defaultNamespace;
    }

    /** Reads YAML text. */
    public void readText(String yamlText) {
        new YamlDocuments(source, problems, this::document).read(yamlText);
    }

    /** Reads one object as JSON libraries represent it. */
    public void readTree(@Nullable Object jsonTree) {
        Tree tree = new JsonTrees(source, problems).convert(jsonTree);
        if (tree != null) {
            document(tree);
        }
    }

    /** Objects without errors, in order of writing. */
    public List<ConfigObject> objects() {
        return objects;
    }

    /** Problems of all objects, in order of finding. */
    public List<ConfigProblem> problems() {
        return problems.toList(source);
    }

    /** Whether an object or a whole document is left out because of an error. */
    public boolean leavesOut() {
        return problems.errors() > 0;
    }

    private void document(Tree tree) {
        if (!tree.isNull()) {
            object(tree, Place.root(source, tree.line(), tree.column()));
        }
    }

    private void object(Tree tree, Place place) {
        problems.about("");
        if (!(tree instanceof Mapping mapping)) {
            if (found) {
                skipped(place, "this is " + tree.words());
                return;
            }
            problems.error(
                    place,
                    "a document must be a Kubernetes object, this is " + tree.words(),
                    "write apiVersion, kind, metadata and spec at its top");
            return;
        }
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (Entry entry : mapping.entries()) {
            fields.putIfAbsent(entry.key(), entry.value());
        }
        String apiVersion = text(fields.get("apiVersion"));
        String kind = text(fields.get("kind"));
        if (apiVersion.isEmpty() || kind.isEmpty()) {
            incomplete(apiVersion, kind, place);
        } else if (kind.equals("List") && apiVersion.equals("v1")) {
            items(fields.get("items"), place);
        } else {
            RuleKind ruleKind = ruleKind(apiVersion, kind);
            if (ruleKind == null) {
                ignored(apiVersion, kind, place);
            } else {
                rule(ruleKind, mapping, fields, place);
            }
        }
    }

    private void incomplete(String apiVersion, String kind, Place place) {
        String missing = !apiVersion.isEmpty() ? "kind" : kind.isEmpty() ? "apiVersion and kind" : "apiVersion";
        boolean slip = apiVersion.startsWith(GROUP) || RuleKind.of(kind) != null;
        if (found && !slip) {
            skipped(place, "it has no " + missing);
            return;
        }
        problems.error(place, "the document has no " + missing, "write for example apiVersion: " + GROUP + "/v1");
    }

    private void skipped(Place place, String why) {
        problems.note(place, "skipped: the document is no Kubernetes object, " + why, "");
    }

    /** What looks like one of our kinds and is none is likelier a slip than somebody else's object. */
    private void ignored(String apiVersion, String kind, Place place) {
        String message = "ignored: " + MessageText.quote(kind) + " of " + MessageText.quote(apiVersion)
                + " is not read by InMesh";
        String known = "the kinds read are " + String.join(", ", RuleKind.names()) + " of " + GROUP + "/v1";
        String fix = MessageText.didYouMean(kind, RuleKind.names(), known);
        boolean slip = apiVersion.startsWith(GROUP) && (RuleKind.of(kind) != null || !fix.equals(known));
        if (slip) {
            problems.warning(place, message, RuleKind.of(kind) == null ? fix : known);
        } else {
            problems.note(place, message, "");
        }
    }

    private void items(@Nullable Tree items, Place place) {
        if (items == null || items.isNull()) {
            return;
        }
        Place itemsPlace = place.field("items", items.line(), items.column());
        if (!(items instanceof Sequence sequence)) {
            problems.error(itemsPlace, "items must be a list, this is " + items.words(), "put a dash before each");
            return;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Tree item = sequence.items().get(i);
            object(item, itemsPlace.item(i, item.line(), item.column()));
        }
    }

    private static @Nullable RuleKind ruleKind(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        boolean ours = slash > 0 && apiVersion.substring(0, slash).equals(GROUP);
        return ours && VERSIONS.contains(apiVersion.substring(slash + 1)) ? RuleKind.of(kind) : null;
    }

    private void rule(RuleKind kind, Mapping mapping, Map<String, Tree> fields, Place place) {
        long before = problems.errors();
        MessageReader reader = new MessageReader(problems, OTHER_WORDS);
        reader.begin(mapping, kind.objectType(), place);
        ObjectMeta meta = new MetaReader(problems, defaultNamespace).read(fields.get("metadata"), place);
        problems.about(meta.name().isEmpty() ? "" : kind.kind() + " " + meta.qualifiedName());
        Tree specTree = fields.get("spec");
        if (specTree == null && problems.errors() > before) {
            return;
        }
        Message spec = specTree == null
                ? Message.empty(kind.type(), place.missing("spec"))
                : reader.read(specTree, kind.type(), specPlace(mapping, place));
        annotations(meta, place);
        NotExecuted notExecuted = new NotExecuted(problems, unsupported, before);
        kind.check(meta, spec, new RuleChecks(problems, reader.lost()), notExecuted);
        new MetaReader(problems, defaultNamespace)
                .annotations(fields.get("metadata"), place)
                .forEach((key, at) -> notExecuted.annotation(kind, key, at));
        if (problems.errors() == before) {
            ObjectMeta complete = meta.withSkipped(notExecuted.skipped()).withFields(FieldOrigins.of(spec));
            objects.add(kind.record(complete, spec));
        }
    }

    private static Place specPlace(Mapping mapping, Place place) {
        for (Entry entry : mapping.entries()) {
            if (entry.key().equals("spec")) {
                return MessageReader.valuePlace(entry, place);
            }
        }
        return place.missing("spec");
    }

    /** Istio knows dry runs for authorization alone. */
    private void annotations(ObjectMeta meta, Place place) {
        if (meta.annotations().containsKey(DRY_RUN)) {
            problems.error(
                    place.missing("metadata"),
                    "the annotation " + DRY_RUN + " is not supported here",
                    "remove it to have the rule in force; there are no dry runs of this kind");
        }
    }

    private static String text(@Nullable Tree tree) {
        return tree instanceof Scalar scalar && scalar.kind() == Tree.Kind.STRING ? scalar.text() : "";
    }
}
