// Event Ruler on the same rules and events as run.mjs gives our engine: java EventRuler RULES.json EVENTS.ndjson WARMUPS PASSES
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.Machine;

public class EventRuler {
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode rules = mapper.readTree(Path.of(arguments[0]).toFile());
        List<String> events = Files.readAllLines(Path.of(arguments[1]));
        int warmups = Integer.parseInt(arguments[2]);
        int passes = Integer.parseInt(arguments[3]);
        Machine machine = new Machine();
        for (JsonNode rule : rules) machine.addRule(rule.get("name").asText(), rule.get("pattern").asText());
        Map<String, Integer> matches = new HashMap<>();
        long best = Long.MAX_VALUE;
        for (int pass = 0; pass < warmups + passes; pass++) {
            matches.clear();
            long before = SYSTEM.getProcessCpuTime();
            for (String event : events) for (String name : machine.rulesForJSONEvent(event)) matches.merge(name, 1, Integer::sum);
            if (pass >= warmups) best = Math.min(best, SYSTEM.getProcessCpuTime() - before);
        }
        Map<String, Object> answer = new HashMap<>();
        answer.put("events", events.size());
        answer.put("cpuSeconds", best / 1e9);
        answer.put("matches", matches);
        System.out.println(mapper.writeValueAsString(answer));
    }
}
