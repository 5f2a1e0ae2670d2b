package barograph.ingest.discovery;

import barograph.ingest.discovery.DiscoveryWeb.Request;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Asks Amazon's EC2 for the instances of a region: each that has a private address is a target.
final class Ec2Discoverer implements Discoverer {
  private static final System.Logger LOG = System.getLogger(Ec2Discoverer.class.getName());
  private static final String META = "__meta_ec2_";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String VERSION = "2016-11-15";
  private static final String INSTANCES_IN_ANSWER = "1000";

  private final DiscoveryConfig.Ec2 config;
  private final DiscoveryWeb web;

  /// Numbers of zones that are the same for all accounts, by this account's names; asked for once.
  private Map<String, String> zoneIds = Map.of();

  Ec2Discoverer(DiscoveryConfig.Ec2 config, DiscoveryWeb web) {
    this.config = config;
    this.web = web;
  }

  @Override
  public Duration pause() {
    return config.refresh();
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException {
    if (zoneIds.isEmpty()) {
      zoneIds = zoneIds();
    }
    var targets = new ArrayList<Labels>();
    String next = "";
    do {
      var parameters = parameters("DescribeInstances");
      parameters.put("MaxResults", INSTANCES_IN_ANSWER);
      if (!next.isEmpty()) {
        parameters.put("NextToken", next);
      }
      int number = 0;
      for (var filter : new TreeMap<>(config.filters()).entrySet()) {
        String prefix = "Filter.%d.".formatted(++number);
        parameters.put(prefix + "Name", filter.getKey());
        for (int i = 0; i < filter.getValue().size(); i++) {
          parameters.put(prefix + "Value." + (i + 1), filter.getValue().get(i));
        }
      }
      XmlNode answer = ask(parameters);
      for (XmlNode reservation : answer.items("reservationSet")) {
        for (XmlNode instance : reservation.items("instancesSet")) {
          if (!instance.text("privateIpAddress").isEmpty()) {
            targets.add(target(reservation.text("ownerId"), instance));
          }
        }
      }
      next = answer.text("nextToken");
    } while (!next.isEmpty());
    found.accept(List.of(new TargetGroup(targets, Labels.EMPTY)));
  }

  /// Empty where the account may not ask; targets are found without as well.
  private Map<String, String> zoneIds() throws InterruptedException {
    var ids = new HashMap<String, String>();
    try {
      XmlNode answer = ask(parameters("DescribeAvailabilityZones"));
      for (XmlNode zone : answer.items("availabilityZoneInfo")) {
        ids.put(zone.text("zoneName"), zone.text("zoneId"));
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "ids of availability zones in {0} cannot be had: {1}",
          config.region(),
          e.getMessage());
    }
    return ids;
  }

  private static SortedMap<String, String> parameters(String action) {
    var parameters = new TreeMap<String, String>();
    parameters.put("Action", action);
    parameters.put("Version", VERSION);
    return parameters;
  }

  private XmlNode ask(SortedMap<String, String> parameters)
      throws IOException, InterruptedException {
    String query =
        parameters.entrySet().stream()
            .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    String endpoint = config.endpoint().toString().replaceAll("/+$", "");
    var uri = URI.create(endpoint + "/?" + query);
    return XmlNode.parse(
        web.get(new Request(uri, Map.of(), TIMEOUT, config.client())).expectOk().body());
  }

  /// As signatures want it: everything but letters, digits and `-._~` escaped.
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private Labels target(String owner, XmlNode instance) {
    var labels = new Labels.Builder();
    String address = instance.text("privateIpAddress");
    labels.set(TargetGroup.ADDRESS, address + ":" + config.port());
    labels.set(META + "region", config.region());
    labels.set(META + "owner_id", owner);
    labels.set(META + "instance_id", instance.text("instanceId"));
    labels.set(META + "private_ip", address);
    labels.set(META + "private_dns_name", instance.text("privateDnsName"));
    labels.set(META + "platform", instance.text("platform"));
    String publicly = instance.text("ipAddress");
    if (!publicly.isEmpty()) {
      labels.set(META + "public_ip", publicly);
      labels.set(META + "public_dns_name", instance.text("dnsName"));
    }
    labels.set(META + "ami", instance.text("imageId"));
    String zone = instance.text("placement", "availabilityZone");
    labels.set(META + "availability_zone", zone);
    labels.set(META + "availability_zone_id", zoneIds.getOrDefault(zone, ""));
    labels.set(META + "instance_state", instance.text("instanceState", "name"));
    labels.set(META + "instance_type", instance.text("instanceType"));
    labels.set(META + "instance_lifecycle", instance.text("instanceLifecycle"));
    labels.set(META + "architecture", instance.text("architecture"));
    if (!instance.text("vpcId").isEmpty()) {
      labels.set(META + "vpc_id", instance.text("vpcId"));
      labels.set(META + "primary_subnet_id", instance.text("subnetId"));
      setNetworks(labels, instance);
    }
    for (XmlNode tag : instance.items("tagSet")) {
      labels.set(META + "tag_" + SanitisedName.of(tag.text("key")), tag.text("value"));
    }
    return labels.build();
  }

  private static void setNetworks(Labels.Builder labels, XmlNode instance) {
    var subnets = new LinkedHashSet<String>();
    var addresses = new ArrayList<String>();
    var primary = new TreeMap<Integer, String>();
    for (XmlNode network : instance.items("networkInterfaceSet")) {
      if (network.text("subnetId").isEmpty()) {
        continue;
      }
      subnets.add(network.text("subnetId"));
      for (XmlNode address : network.items("ipv6AddressesSet")) {
        String text = address.text("ipv6Address");
        addresses.add(text);
        if (address.text("isPrimaryIpv6").equals("true")) {
          primary.put(network.number("attachment", "deviceIndex"), text);
        }
      }
    }
    labels.set(META + "subnet_id", list(List.copyOf(subnets)));
    if (!addresses.isEmpty()) {
      labels.set(META + "ipv6_addresses", list(addresses));
    }
    if (!primary.isEmpty()) {
      // Each at the place of its device; others are empty.
      var byDevice = new ArrayList<String>();
      for (int device = 0; device <= primary.lastKey(); device++) {
        byDevice.add(primary.getOrDefault(device, ""));
      }
      labels.set(META + "primary_ipv6_addresses", list(byDevice));
    }
  }

  private static String list(List<String> texts) {
    return "," + String.join(",", texts) + ",";
  }
}
