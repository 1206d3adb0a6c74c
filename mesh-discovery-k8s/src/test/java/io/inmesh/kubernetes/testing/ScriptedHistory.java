package io.inmesh.kubernetes.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The objects of a scripted API server, by collection, and what happened to them. Guarded by itself. */
final class ScriptedHistory {
    /** Something that happened. */
    record Change(long version, String collection, String type, JsonObject object, JsonObject before) {
        /**
         * As a watch with a selector tells it.
         *
         * @return null when that watch does not hear of it
         */
        JsonObject seenBy(Predicate<JsonObject> selection) {
            boolean was = before != null && selection.test(before);
            boolean is = !type.equals("DELETED") && selection.test(object);
            if (!was && !is) {
                return null;
            }
            JsonObject event = new JsonObject();
            event.addProperty("type", !is ? "DELETED" : was ? "MODIFIED" : "ADDED");
            event.add("object", object);
            return event;
        }
    }

    /** Everything at one moment. */
    record Snapshot(long version, TreeMap<String, TreeMap<String, JsonObject>> objects) {}

    private TreeMap<String, TreeMap<String, JsonObject>> objects = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long version = 100;
    private long oldest = 100;
    private long uids;

    synchronized long version() {
        return version;
    }

    /** The oldest version from which a watch can go on. */
    synchronized long oldest() {
        return oldest;
    }

    synchronized String put(String collection, String json, boolean tell) {
        JsonObject object = JsonParser.parseString(json).getAsJsonObject();
        JsonObject metadata = object.getAsJsonObject("metadata");
        TreeMap<String, JsonObject> all = objects.computeIfAbsent(collection, none -> new TreeMap<>());
        JsonObject before = all.get(key(metadata));
        version++;
        metadata.addProperty("resourceVersion", Long.toString(version));
        if (!metadata.has("uid")) {
            String uid = before == null
                    ? "uid-" + ++uids
                    : before.getAsJsonObject("metadata").get("uid").getAsString();
            metadata.addProperty("uid", uid);
        }
        all.put(key(metadata), object);
        record(new Change(version, collection, before == null ? "ADDED" : "MODIFIED", object, before), tell);
        return Long.toString(version);
    }

    synchronized void delete(String collection, String namespace, String name, boolean tell) {
        JsonObject before = objects.getOrDefault(collection, new TreeMap<>()).remove(namespace + "/" + name);
        if (before == null) {
            throw new IllegalArgumentException("there is no " + namespace + "/" + name + " in " + collection);
        }
        version++;
        JsonObject last = before.deepCopy();
        last.getAsJsonObject("metadata").addProperty("resourceVersion", Long.toString(version));
        record(new Change(version, collection, "DELETED", last, before), tell);
    }

    /** Time passes for other resources. */
    synchronized void skip(long versions) {
        version += versions;
        notifyAll();
    }

    private void record(Change change, boolean tell) {
        if (tell) {
            changes.add(change);
        }
        notifyAll();
    }

    synchronized void forget() {
        changes.clear();
        oldest = version;
    }

    synchronized Snapshot snapshot() {
        TreeMap<String, TreeMap<String, JsonObject>> copy = new TreeMap<>();
        objects.forEach((collection, all) -> copy.put(collection, new TreeMap<>(all)));
        return new Snapshot(version, copy);
    }

    synchronized void restore(Snapshot snapshot) {
        objects = new TreeMap<>();
        snapshot.objects().forEach((collection, all) -> objects.put(collection, new TreeMap<>(all)));
        version = snapshot.version();
        changes.clear();
        oldest = version;
        notifyAll();
    }

    synchronized List<JsonObject> list(String collection, Predicate<JsonObject> selection) {
        return objects.getOrDefault(collection, new TreeMap<>()).values().stream()
                .filter(selection)
                .toList();
    }

    /** The first change after a version, null when there is none yet. */
    synchronized Change after(String collection, long seen) {
        for (Change change : changes) {
            if (change.version() > seen && change.collection().equals(collection)) {
                return change;
            }
        }
        return null;
    }

    /** Takes a watch on to the newest version, unless there is something that it has not heard. */
    synchronized long forward(String collection, long seen) {
        return after(collection, seen) == null ? Math.max(seen, version) : seen;
    }

    private static String key(JsonObject metadata) {
        JsonElement namespace = metadata.get("namespace");
        return (namespace == null ? "" : namespace.getAsString()) + "/"
                + metadata.get("name").getAsString();
    }
}
