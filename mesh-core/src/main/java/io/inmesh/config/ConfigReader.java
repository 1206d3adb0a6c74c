package io.inmesh.config;

import io.inmesh.config.Tree.Entry;
import io.inmesh.config.Tree.Mapping;
import io.inmesh.config.Tree.Scalar;
import io.inmesh.config.Tree.Sequence;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.VirtualService;
import io.inmesh.model.WorkloadEntryObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Istio's rule objects from YAML text or JSON-shaped trees: VirtualService, DestinationRule, ServiceEntry and
 * WorkloadEntry of {@code networking.istio.io} v1, v1beta1 and v1alpha3, in as many documents as there are, {@code kind: List} included.
 *
 * <p>Strict: an unknown field, a wrong type or a value that Istio's own validation refuses is an error, and so is a field
 * that Istio knows and InMesh does not execute, unless its loss does no harm ({@link UnsupportedFields}). All problems are
 * reported at once. An object with an error is left out, the others are there; an object that is only in force without
 * some fields is there too.
 *
 * <p>Never throws on bad input and never takes long over it: text over 16 MiB, nesting over 100, and more than a million
 * values in a document (aliases written out) are errors.
 *
 * <p>YAML is read as version 1.2. Where Kubernetes, which reads 1.1, would see something else ({@code on}, {@code 010})
 * the unquoted value or key is refused with a hint to quote it.
 *
 * <p>Immutable and thread-safe.
 */
public final class ConfigReader {
    static final String GROUP = "networking.istio.io";
    private static final Set<String> VERSIONS = Set.of("v1", "v1beta1", "v1alpha3");
    private static final String DRY_RUN = "istio.io/dry-run";

    private final UnsupportedFields unsupported;
    private final String defaultNamespace;

    private ConfigReader(UnsupportedFields unsupported, String defaultNamespace) {
        this.unsupported = unsupported;
        this.defaultNamespace = defaultNamespace;
    }

    /** The reader that a mesh uses unless told: {@link UnsupportedFields#SENSIBLE}, namespace {@code default}. */
    public static ConfigReader sensible() {
        return new ConfigReader(UnsupportedFields.SENSIBLE, "default");
    }

    /** The reader that refuses every object with a field that InMesh does not execute; namespace {@code default}. */
    public static ConfigReader strict() {
        return new ConfigReader(UnsupportedFields.REFUSE_ALL, "default");
    }

    /** The same reader that does something else about fields which InMesh does not execute. Unknown fields stay errors. */
    public ConfigReader withUnsupported(UnsupportedFields treatment) {
        return new ConfigReader(treatment, defaultNamespace);
    }

    /**
     * The same reader with another namespace for objects that name none.
     *
     * @throws IllegalArgumentException when the name is empty
     */
    public ConfigReader withDefaultNamespace(String namespace) {
        if (namespace.isEmpty()) {
            throw new IllegalArgumentException("the default namespace must not be empty");
        }
        return new ConfigReader(unsupported, namespace);
    }

    /**
     * Reads YAML text (and so JSON text).
     *
     * @param sourceName file path, class-path location or property name, for origins and problems; not empty
     */
    public Result read(String sourceName, String yamlText) {
        Reading reading = new Reading(sourceName, false);
        new YamlDocuments(sourceName, reading.problems, reading::document).read(yamlText);
        return reading.result();
    }

    /** Reads the text of a file that was found in a folder: documents that are no Kubernetes objects are noted only. */
    Result readFound(String sourceName, String yamlText) {
        Reading reading = new Reading(sourceName, true);
        new YamlDocuments(sourceName, reading.problems, reading::document).read(yamlText);
        return reading.result();
    }

    /**
     * Reads one object as JSON libraries represent it. Origins have no line.
     *
     * @param sourceName {@code Kind/namespace/name} or what else tells the place; not empty
     * @param jsonTree maps with string keys, lists, strings, numbers, booleans and null
     */
    public Result readTree(String sourceName, @Nullable Object jsonTree) {
        Reading reading = new Reading(sourceName, false);
        Tree tree = new JsonTrees(sourceName, reading.problems).convert(jsonTree);
        if (tree != null) {
            reading.document(tree);
        }
        return reading.result();
    }

    /**
     * What was read.
     *
     * @param objects those that can be used, in order of writing
     * @param problems of all objects, in order of finding
     * @param leavesOut whether an object or a whole document is left out because of an error
     */
    public record Result(List<ConfigObject> objects, List<ConfigProblem> problems, boolean leavesOut) {
        /** Copies the lists. */
        public Result {
            objects = List.copyOf(objects);
            problems = List.copyOf(problems);
        }

        /** The objects by kind, in the order of reading. */
        public MeshConfig config() {
            return meshConfig(objects);
        }

        /** Whether any problem is an error; objects with errors may be in use all the same. */
        public boolean hasErrors() {
            return problems.stream().anyMatch(ConfigProblem::isError);
        }
    }

    /** Sorts objects by kind; keeps their order. */
    public static MeshConfig meshConfig(Collection<? extends ConfigObject> objects) {
        List<VirtualService> virtualServices = new ArrayList<>();
        List<DestinationRule> destinationRules = new ArrayList<>();
        List<ServiceEntry> serviceEntries = new ArrayList<>();
        List<WorkloadEntryObject> workloadEntries = new ArrayList<>();
        for (ConfigObject object : objects) {
            if (object instanceof VirtualService virtualService) {
                virtualServices.add(virtualService);
            } else if (object instanceof DestinationRule destinationRule) {
                destinationRules.add(destinationRule);
            } else if (object instanceof ServiceEntry serviceEntry) {
                serviceEntries.add(serviceEntry);
            } else if (object instanceof WorkloadEntryObject workloadEntry) {
                workloadEntries.add(workloadEntry);
            }
        }
        return new MeshConfig(virtualServices, destinationRules, serviceEntries, workloadEntries);
    }

    /** State of one call. */
    private final class Reading {
        private final String source;
        private final boolean found;
        private final ProblemList problems = new ProblemList();
        private final List<ConfigObject> objects = new ArrayList<>();

        Reading(String source, boolean found) {
            this.source = source;
            this.found = found;
        }

        Result result() {
            return new Result(objects, problems.toList(source), problems.errors() > 0);
        }

        void document(Tree tree) {
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
            String message =
                    "ignored: " + Words.quote(kind) + " of " + Words.quote(apiVersion) + " is not read by InMesh";
            String known = "the kinds read are " + String.join(", ", RuleKind.names()) + " of " + GROUP + "/v1";
            String fix = Words.didYouMean(kind, RuleKind.names(), known);
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
            MessageReader reader = new MessageReader(problems);
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
}
