package io.inmesh.internal.istio;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.RuleUser;
import io.inmesh.internal.text.DocumentListener;
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
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the rule objects of one text or tree, with as many documents and lists as it has. For one use. */
public final class ObjectReader {
    private static final String EXAMPLE = "write for example apiVersion: ";

    /** Kinds of these groups of which one might think that their names are slips. */
    private static final Set<String> NOT_READ = Set.of("PeerAuthentication", "WorkloadGroup");

    private static final String NO_EFFECT = " has effect where mesh-servlet is, not on calls of this application";

    /** Words of Envoy's and of the Gateway API's configuration whose meaning has another word in Istio's. */
    private static final ForeignFieldNames OTHER_WORDS = new ForeignFieldNames(
            "Istio",
            Map.ofEntries(
                    Map.entry("numRetries", "attempts"),
                    Map.entry("retryPolicy", "retries"),
                    Map.entry("retry", "retries"),
                    Map.entry("retries", "attempts"),
                    Map.entry("budgetPercent", "percent"),
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
    private final Reading how;
    private final ProblemList problems = new ProblemList();
    private final List<ConfigObject> objects = new ArrayList<>();
    private final List<ConfigObject> standIns = new ArrayList<>();

    /** Errors within objects, which are told of there. */
    private long errorsOfObjects;

    /**
     * Makes a reader that has read nothing yet.
     *
     * @param source name for origins and problems
     * @param found whether nobody named the source itself: documents that are no Kubernetes objects are then noted only
     */
    public ObjectReader(String source, boolean found, Reading how) {
        this.source = source;
        this.found = found;
        this.how = how;
    }

    /** Whether a text speaks of objects that have an effect for somebody. */
    public static boolean mentionsRules(String text, RuleUser user) {
        return ApiGroup.NETWORKING.isIn(text) || user.judgesRequests() && mentionsPolicies(text);
    }

    /** Whether a text speaks of objects by which requests are refused. */
    public static boolean mentionsPolicies(String text) {
        return ApiGroup.SECURITY.isIn(text);
    }

    /** What stands in for the policies that a text may have of which nothing is known: they may be for all namespaces. */
    public static ConfigObject standInForText(String source) {
        return ClosedPolicy.ofUnknown(unnamed(ObjectMeta.ROOT_NAMESPACE, source));
    }

    /**
     * Reads YAML text.
     *
     * @param listener hears of all documents, of whatever kind
     */
    public void readText(String yamlText, DocumentListener listener) {
        Consumer<Tree> onDocument = tree -> {
            listener.document(source, tree);
            document(tree);
        };
        new YamlDocuments(source, problems, onDocument).read(yamlText);
        if (problems.errors() > errorsOfObjects) {
            listener.broken(source);
            if (mentionsPolicies(yamlText)) {
                standIns.add(standInForText(source));
            }
        }
    }

    /** Reads one object as JSON libraries represent it. */
    public void readTree(@Nullable Object jsonTree) {
        Tree tree = new JsonTrees(source, problems).convert(jsonTree);
        if (tree != null) {
            document(tree);
        } else if (jsonTree instanceof Map<?, ?> object && isPolicy(object.get("kind"))) {
            Object named = object.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("namespace") : null;
            String namespace = named instanceof String text && !text.isEmpty() ? text : ObjectMeta.ROOT_NAMESPACE;
            standIns.add(ClosedPolicy.ofUnknown(unnamed(namespace, source)));
        }
    }

    private static boolean isPolicy(@Nullable Object kind) {
        RuleKind named = kind instanceof String name ? RuleKind.of(name) : null;
        return named != null && named.isPolicy();
    }

    private static ObjectMeta unnamed(String namespace, String source) {
        return ObjectMeta.builder(namespace, "")
                .origin(new Origin(source, 0, 0))
                .build();
    }

    /** Objects without errors, in order of writing. */
    public List<ConfigObject> objects() {
        return objects;
    }

    /**
     * What stands in for policies that cannot be read, so that they let nothing in: each refuses all that the one may refuse.
     */
    public List<ConfigObject> standIns() {
        return standIns;
    }

    /** Problems of all objects, in order of finding. */
    public List<ConfigProblem> problems() {
        return problems.toList(source);
    }

    /** Whether an object or a whole document is left out because of an error. */
    public boolean leavesOut() {
        return problems.leavesOut();
    }

    private void document(Tree tree) {
        if (!tree.isNull()) {
            long before = problems.errors();
            object(tree, Place.root(source, tree.line(), tree.column()));
            errorsOfObjects += problems.errors() - before;
        }
    }

    private void object(Tree tree, Place place) {
        problems.begin();
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
            incomplete(apiVersion, kind, fields, place);
        } else if (kind.equals("List") && apiVersion.equals("v1")) {
            items(fields.get("items"), place);
        } else {
            RuleKind ruleKind = RuleKind.of(apiVersion, kind);
            if (ruleKind == null) {
                ignored(apiVersion, kind, fields, place);
            } else {
                rule(ruleKind, mapping, fields, place);
            }
        }
    }

    private void incomplete(String apiVersion, String kind, Map<String, Tree> fields, Place place) {
        String missing = !apiVersion.isEmpty() ? "kind" : kind.isEmpty() ? "apiVersion and kind" : "apiVersion";
        ApiGroup group = ApiGroup.of(apiVersion);
        RuleKind named = RuleKind.of(kind);
        if (found && group == null && named == null) {
            skipped(place, "it has no " + missing);
            return;
        }
        boolean policy = group == ApiGroup.SECURITY || (named != null && named.isPolicy());
        ApiGroup meant = policy ? ApiGroup.SECURITY : ApiGroup.NETWORKING;
        if (policy) {
            policyIsNone(fields, place, "the document has no " + missing, EXAMPLE + meant.newest());
        } else {
            problems.error(place, "the document has no " + missing, EXAMPLE + meant.newest());
        }
    }

    private void skipped(Place place, String why) {
        problems.note(place, "skipped: the document is no Kubernetes object, " + why, "");
    }

    /** What looks like one of our kinds and is none is likelier a slip than somebody else's object. */
    private void ignored(String apiVersion, String kind, Map<String, Tree> fields, Place place) {
        if (isForeign(apiVersion, kind)) {
            return;
        }
        String message = "ignored: " + MessageText.quote(kind) + " of " + MessageText.quote(apiVersion)
                + " is no rule that InMesh executes";
        ApiGroup group = ApiGroup.of(apiVersion);
        RuleKind named = RuleKind.of(kind);
        String known = "the kinds read are " + RuleKind.list();
        String fix = named != null
                ? "write apiVersion: " + named.group().newest()
                : MessageText.didYouMean(kind, RuleKind.names(), known);
        if (group == null || fix.equals(known) || NOT_READ.contains(kind)) {
            problems.note(place, message, "");
        } else if (group == ApiGroup.SECURITY || (named != null && named.isPolicy())) {
            policyIsNone(fields, place, message, fix);
        } else {
            problems.warning(place, message, fix);
        }
    }

    /** Whether nobody would take it for a rule that InMesh executes: files are full of such, and nothing is said of them. */
    private static boolean isForeign(String apiVersion, String kind) {
        String group = apiVersion.substring(0, Math.max(0, apiVersion.indexOf('/')));
        if (ApiGroup.of(apiVersion) != null || group.endsWith(".istio.io")) {
            return false;
        }
        boolean named = RuleKind.of(kind) != null;
        boolean nearly = group.indexOf('.') >= 0 && MessageText.misspelt(kind, RuleKind.names()) != null;
        return group.endsWith("k8s.io") || !named && !nearly;
    }

    /** A policy that is overlooked lets in what it is to refuse. */
    private void policyIsNone(Map<String, Tree> fields, Place place, String message, String fix) {
        if (!how.user().judgesRequests()) {
            problems.harmless();
        }
        problems.error(place, message, fix);
        ObjectMeta meta = new MetaReader(problems, how.defaultNamespace()).read(fields.get("metadata"), place);
        standIns.add(ClosedPolicy.ofUnknown(placed(meta, fields, place)));
    }

    /** A policy whose namespace is not written in a way that can be read may be for all. */
    private ObjectMeta placed(ObjectMeta meta, Map<String, Tree> fields, Place place) {
        @Nullable List<String> errors = problems.errorPaths();
        boolean known;
        if (fields.get("metadata") instanceof Mapping metadata) {
            boolean given = metadata.entries().stream()
                    .anyMatch(entry -> entry.key().equals("namespace")
                            && !text(entry.value()).isEmpty());
            String path = place.missing("metadata").missing("namespace").path();
            known = given || (errors != null && !errors.contains(path));
        } else {
            // What is misspelt may be metadata.
            String spec = place.missing("spec").path();
            known = errors != null
                    && errors.stream()
                            .allMatch(error -> error.equals(place.path())
                                    || error.equals(spec)
                                    || error.startsWith(spec + ".")
                                    || error.startsWith(spec + "["));
        }
        return known ? meta : meta.inNamespace(ObjectMeta.ROOT_NAMESPACE);
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

    private void rule(RuleKind kind, Mapping mapping, Map<String, Tree> fields, Place place) {
        long before = problems.errors();
        boolean concerned = kind.concerns(how.user());
        if (!concerned) {
            problems.harmless();
        }
        MessageReader reader = new MessageReader(problems, OTHER_WORDS);
        reader.begin(mapping, kind.objectType(), place);
        MetaReader metaReader = new MetaReader(problems, how.defaultNamespace());
        ObjectMeta meta = metaReader.read(fields.get("metadata"), place);
        problems.about(meta.name().isEmpty() ? "" : kind.kind() + " " + meta.qualifiedName());
        if (!concerned) {
            problems.note(place, kind.kind() + NO_EFFECT, "");
        }
        Tree specTree = fields.get("spec");
        if (specTree == null && problems.errors() > before) {
            if (kind.isPolicy()) {
                standIns.add(ClosedPolicy.ofUnknown(placed(meta, fields, place)));
            }
            return;
        }
        Message spec = specTree == null
                ? Message.empty(kind.type(), place.missing("spec"))
                : reader.read(specTree, kind.type(), specPlace(mapping, place));
        Map<String, Place> annotations = metaReader.annotations(fields.get("metadata"), place);
        DryRun.check(kind, meta, spec, annotations, problems);
        DestinationAnnotations.check(kind, meta, annotations, problems);
        kind.check(meta, spec, new RuleChecks(problems, reader.lost()));
        boolean valid = problems.errors() == before;
        @Nullable List<String> unreadable = problems.errorPaths();
        NotExecuted notExecuted = new NotExecuted(problems, how, before);
        if (concerned) {
            kind.report(spec, notExecuted);
            annotations.forEach((key, at) -> notExecuted.annotation(kind, key, at));
        }
        ObjectMeta complete = meta.withSkipped(notExecuted.skipped()).withFields(FieldOrigins.of(spec, annotations));
        boolean known = valid && !notExecuted.closes();
        ConfigObject closed = known || !kind.isPolicy()
                ? null
                : ClosedPolicy.of(kind, placed(complete, fields, place), spec, unreadable);
        ConfigObject object = closed == null && valid ? kind.record(complete, spec) : closed;
        if (problems.errors() == before && object != null) {
            objects.add(object);
        } else if (kind.isPolicy() && object != null) {
            standIns.add(object);
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

    private static String text(@Nullable Tree tree) {
        return tree instanceof Scalar scalar && scalar.kind() == Tree.Kind.STRING ? scalar.text() : "";
    }
}
