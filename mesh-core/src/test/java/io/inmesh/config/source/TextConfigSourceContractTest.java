package io.inmesh.config.source;

import io.inmesh.config.ConfigSource;
import io.inmesh.testing.FollowingConfigSourceContract;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

class TextConfigSourceContractTest extends FollowingConfigSourceContract {
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final List<TextConfigSource> sources = new CopyOnWriteArrayList<>();

    @Override
    protected ConfigSource source() {
        TextConfigSource source = new TextConfigSource("texts", ConfigReader.sensible(), Map.copyOf(texts));
        sources.add(source);
        return source;
    }

    @Override
    protected void put(String name, String json) {
        texts.put(name, json);
        update();
    }

    @Override
    protected void remove(String name) {
        texts.remove(name);
        update();
    }

    private void update() {
        sources.forEach(source -> source.update(Map.copyOf(texts)));
    }
}
